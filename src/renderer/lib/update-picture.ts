import {
  type DeviceUpdate,
  type DeviceUpdateState,
  hasFailed,
  type Update,
  type UpdateFrame,
} from '../../shared/model/index.ts';

/** An update and its devices as the frames so far tell it. What a frame did not change stays the same object. */
export interface UpdatePicture {
  update: Update;
  /** As they came: a device keeps its place. */
  devices: ReadonlyMap<string, DeviceUpdate>;
  /** What needs a person first, then what is going on, then what is through; by name within each. */
  ordered: DeviceUpdate[];
  /** In the same order. */
  failed: DeviceUpdate[];
}

/** Takes a frame into the picture; a snapshot starts it anew. */
export function withFrame(picture: UpdatePicture | undefined, frame: UpdateFrame): UpdatePicture {
  const { update } = frame;
  if (!picture || frame.type === 'snapshot') {
    const devices = new Map(frame.devices.map((device) => [device.deviceId as string, device]));
    const ordered = inOrder(devices.values());
    return { update, devices, ordered, failed: ordered.filter(hasFailed) };
  }
  if (frame.devices.length === 0) return { ...picture, update };
  const devices = new Map(picture.devices);
  for (const device of frame.devices) devices.set(device.deviceId, device);
  const ordered = reordered(picture, devices, frame.devices);
  const isOfFailed = (device: DeviceUpdate | undefined) => device !== undefined && hasFailed(device);
  const changesFailed = frame.devices.some(
    (device) => isOfFailed(device) || isOfFailed(picture.devices.get(device.deviceId)),
  );
  return { update, devices, ordered, failed: changesFailed ? ordered.filter(hasFailed) : picture.failed };
}

/** Most frames move no device at all, and few devices else: only those are sorted. */
function reordered(
  before: UpdatePicture,
  devices: ReadonlyMap<string, DeviceUpdate>,
  changed: readonly DeviceUpdate[],
): DeviceUpdate[] {
  const moved = new Map(
    changed
      .filter(({ deviceId, state }) => before.devices.get(deviceId)?.state !== state)
      .map(({ deviceId }) => [deviceId as string, devices.get(deviceId)]),
  );
  const stayed = before.ordered.flatMap(({ deviceId }) =>
    moved.has(deviceId) ? [] : [devices.get(deviceId) as DeviceUpdate],
  );
  return moved.size === 0 ? stayed : merged(stayed, inOrder(moved.values() as Iterable<DeviceUpdate>));
}

/** Two lists that are in order, as one. */
function merged(one: readonly DeviceUpdate[], other: readonly DeviceUpdate[]): DeviceUpdate[] {
  const all: DeviceUpdate[] = [];
  let at = 0;
  for (const device of other) {
    for (let next = one[at]; next && compare(next, device) <= 0; next = one[at]) {
      all.push(next);
      at += 1;
    }
    all.push(device);
  }
  return [...all, ...one.slice(at)];
}

const order: readonly DeviceUpdateState[] = [
  ...([
    'failed',
    'rolledBack',
    'interrupted',
    'rollingBack',
    'confirming',
    'activating',
    'verifying',
    'transferring',
    'preflight',
    'connecting',
    'retrying',
  ] as const),
  ...(['staged', 'pending', 'cancelled', 'skipped', 'succeeded'] as const),
];

const ranks = Object.fromEntries(order.map((state, rank) => [state, rank])) as Record<DeviceUpdateState, number>;

/** Comparing by it is many times faster than by `localeCompare`, which makes one each time. */
const collator = new Intl.Collator();

const compare = (a: DeviceUpdate, b: DeviceUpdate) =>
  ranks[a.state] - ranks[b.state] || collator.compare(a.deviceName, b.deviceName);

/** What needs a person first, then what is going on, then what is through; by name within each. */
export function inOrder(devices: Iterable<DeviceUpdate>): DeviceUpdate[] {
  return [...devices].sort(compare);
}
