import {
  bytesThrough,
  type DeviceUpdate,
  type DeviceUpdateState,
  hasFailed,
  isFinal,
  type Update,
  type UpdateFrame,
} from '../../shared/model/index.ts';
import type { Messages } from '../messages/catalogue.ts';
import { percentOf } from './format.ts';
import type { Tone } from './tones.ts';

/** An update and its devices as the frames so far tell it. */
export interface UpdatePicture {
  update: Update;
  devices: Map<string, DeviceUpdate>;
}

/** Takes a frame into the picture; a snapshot starts it anew. */
export function withFrame(picture: UpdatePicture | undefined, frame: UpdateFrame): UpdatePicture {
  const devices = new Map(frame.type === 'snapshot' ? [] : picture?.devices);
  for (const device of frame.devices) devices.set(device.deviceId, device);
  return { update: frame.update, devices };
}

/** How many devices do not run the new firmware although they should. */
export function failedCount({ counts }: Pick<Update, 'counts'>): number {
  return (counts.failed ?? 0) + (counts.rolledBack ?? 0);
}

/** Per cent of a device's payload; 100 only once it has succeeded. */
export function devicePercent(device: DeviceUpdate): number {
  if (device.state === 'succeeded') return 100;
  return Math.min(99, percentOf(bytesThrough(device), device.bytesTotal));
}

export interface Totals {
  /** Payload that is through, of devices that did not fail; 100 only when all have succeeded that were not skipped. */
  percent: number;
  /** Payload of the devices that failed. */
  failedPercent: number;
  succeeded: number;
  bytesSent: number;
  rateBytesPerSecond: number;
  /** How long it will still take at this rate; `undefined` when nothing is being sent. */
  remainingMs: number | undefined;
}

/** Sums up the devices. */
export function totalsOf(all: DeviceUpdate[]): Totals {
  const devices = all.filter(({ state }) => state !== 'skipped');
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const total = sum(devices.map(({ bytesTotal }) => bytesTotal));
  const succeeded = devices.filter(({ state }) => state === 'succeeded');
  const failed = devices.filter(hasFailed);
  const others = devices.filter((device) => device.state !== 'succeeded' && !hasFailed(device));
  const through = sum(succeeded.map(({ bytesTotal }) => bytesTotal)) + sum(others.map(bytesThrough));
  const left = sum(others.filter((one) => !isFinal(one.state)).map((one) => one.bytesTotal - bytesThrough(one)));
  const rate = sum(devices.map(({ rateBytesPerSecond }) => rateBytesPerSecond));
  const isWhole = devices.length > 0 && succeeded.length === devices.length;
  return {
    percent: isWhole ? 100 : Math.min(99, percentOf(through, total)),
    failedPercent: percentOf(sum(failed.map(({ bytesTotal }) => bytesTotal)), total),
    succeeded: succeeded.length,
    bytesSent: sum(devices.map(({ bytesSent }) => bytesSent)),
    rateBytesPerSecond: rate,
    remainingMs: rate > 0 ? (left * 1_000) / rate : undefined,
  };
}

type Group = keyof Messages['updates']['overview']['groups'];

/** How many devices are where, in the few groups that are read from afar. */
export function overviewOf(counts: Update['counts']): { group: Group; tone: Tone; count: number }[] {
  const sum = (...states: DeviceUpdateState[]) => states.reduce((total, state) => total + (counts[state] ?? 0), 0);
  const groups: [Group, Tone, number][] = [
    ['succeeded', 'good', sum('succeeded')],
    ['failed', 'bad', sum('failed', 'rolledBack')],
    [
      'underWay',
      'busy',
      sum('connecting', 'preflight', 'transferring', 'verifying', 'activating', 'confirming', 'rollingBack'),
    ],
    ['staged', 'warn', sum('staged')],
    ['waiting', 'idle', sum('pending', 'retrying')],
    ['interrupted', 'warn', sum('interrupted')],
    ['leftOut', 'idle', sum('skipped', 'cancelled')],
  ];
  const isAlways = (group: Group) => group === 'succeeded' || group === 'failed';
  return groups
    .map(([group, tone, count]) => ({ group, tone, count }))
    .filter(({ group, count }) => count > 0 || isAlways(group));
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

/** What needs a person first, then what is going on, then what is through; by name within each. */
export function inOrder(devices: Iterable<DeviceUpdate>): DeviceUpdate[] {
  return [...devices].sort((a, b) => ranks[a.state] - ranks[b.state] || collator.compare(a.deviceName, b.deviceName));
}
