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
  /** Counts the frames that told more than how much was sent: a device or the update itself went a step further. */
  steps: number;
}

/** Takes a frame into the picture; a snapshot starts it anew. */
export function withFrame(picture: UpdatePicture | undefined, frame: UpdateFrame): UpdatePicture {
  const { update } = frame;
  if (!picture || frame.type === 'snapshot') {
    const devices = new Map(frame.devices.map((device) => [device.deviceId as string, device]));
    const ordered = inOrder(devices.values());
    return { update, devices, ordered, failed: ordered.filter(hasFailed), steps: (picture?.steps ?? 0) + 1 };
  }
  if (frame.devices.length === 0) return { ...picture, update, steps: picture.steps + 1 };
  const devices = new Map(picture.devices);
  for (const device of frame.devices) devices.set(device.deviceId, device);
  const moved = frame.devices.filter(({ deviceId, state }) => picture.devices.get(deviceId)?.state !== state);
  const ordered = reordered(picture.ordered, devices, moved);
  const isOfFailed = (device: DeviceUpdate | undefined) => device !== undefined && hasFailed(device);
  const changesFailed = frame.devices.some(
    (device) => isOfFailed(device) || isOfFailed(picture.devices.get(device.deviceId)),
  );
  const isStep = moved.length > 0 || update.state !== picture.update.state;
  return {
    ...{ update, devices, ordered, steps: picture.steps + Number(isStep) },
    failed: changesFailed ? ordered.filter(hasFailed) : picture.failed,
  };
}

/** Most frames move no device at all, and few devices else: only those are sorted. */
function reordered(
  before: readonly DeviceUpdate[],
  devices: ReadonlyMap<string, DeviceUpdate>,
  moved: readonly DeviceUpdate[],
): DeviceUpdate[] {
  const ids = new Set(moved.map(({ deviceId }) => deviceId));
  const stayed = before.flatMap((device) => (ids.has(device.deviceId) ? [] : [devices.get(device.deviceId) ?? device]));
  return moved.length === 0 ? stayed : merged(stayed, inOrder(moved));
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
