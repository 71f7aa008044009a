import type { DeviceUpdate, DeviceUpdateState, Update, UpdateFrame } from '../../shared/model/index.ts';
import { percentOf } from './format.ts';

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

const ended: readonly DeviceUpdateState[] = ['succeeded', 'failed', 'cancelled'];

export function hasEnded({ state }: Pick<DeviceUpdate, 'state'>): boolean {
  return ended.includes(state);
}

/** Per cent of a device's payload; 100 only once it has succeeded. */
export function devicePercent(device: Pick<DeviceUpdate, 'state' | 'bytesSent' | 'bytesTotal'>): number {
  if (device.state === 'succeeded') return 100;
  return Math.min(99, percentOf(device.bytesSent, device.bytesTotal));
}

export interface Totals {
  percent: number;
  /** The part of `percent` that is devices which failed. */
  failedPercent: number;
  bytesSent: number;
  bytesTotal: number;
  rateBytesPerSecond: number;
  /** How long it will still take at this rate; `undefined` when nothing is being sent. */
  remainingMs: number | undefined;
}

/** Sums up the devices; those that ended without success count as done. */
export function totalsOf(devices: DeviceUpdate[]): Totals {
  let sent = 0;
  let total = 0;
  let rate = 0;
  for (const device of devices) {
    total += device.bytesTotal;
    sent += hasEnded(device) ? device.bytesTotal : device.bytesSent;
    rate += device.rateBytesPerSecond;
  }
  const all = devices.length > 0 && devices.every(hasEnded);
  const failed = devices.filter(({ state }) => state === 'failed');
  const failedBytes = failed.reduce((sum, { bytesTotal }) => sum + bytesTotal, 0);
  return {
    failedPercent: percentOf(failedBytes, total),
    percent: all ? 100 : Math.min(99, percentOf(sent, total)),
    bytesSent: devices.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    bytesTotal: total,
    rateBytesPerSecond: rate,
    remainingMs: rate > 0 && !all ? ((total - sent) * 1_000) / rate : undefined,
  };
}

const order: readonly DeviceUpdateState[] = [
  ...(['failed', 'activating', 'verifying', 'transferring', 'preflight', 'connecting', 'retrying'] as const),
  ...(['interrupted', 'pending', 'cancelled', 'succeeded'] as const),
];

/** What needs a person first, then what is going on, then what is through; by name within each. */
export function inOrder(devices: Iterable<DeviceUpdate>): DeviceUpdate[] {
  return [...devices].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.deviceName.localeCompare(b.deviceName),
  );
}
