import { type DeviceUpdate, hasFailed, type Update } from '../../shared/model/index.ts';

/** An update with its devices, as it ended or is now. */
export interface WholeUpdate {
  update: Update;
  devices: readonly DeviceUpdate[];
}

/** What is compared of two updates, one after the other; `null` where one has no such thing. */
export interface Comparison {
  firmware: [string, string];
  total: [number, number];
  succeeded: [number, number];
  failed: [number, number];
  /** Neither: skipped, cancelled, or not ended yet. */
  other: [number, number];
  durationMs: [number | null, number | null];
  bytesSent: [number, number];
  /** Payload bytes a second, of all devices together. */
  rate: [number | null, number | null];
  /** Devices of both that came out otherwise, those that got worse first; by name within each. */
  changed: ChangedDevice[];
  onlyInFirst: number;
  onlyInSecond: number;
}

export interface ChangedDevice {
  name: string;
  first: DeviceUpdate;
  second: DeviceUpdate;
  isWorse: boolean;
}

/** What differs between two updates. */
export function compareUpdates(first: WholeUpdate, second: WholeUpdate): Comparison {
  const pair = <T>(of: (one: WholeUpdate) => T): [T, T] => [of(first), of(second)];
  const inFirst = new Map(first.devices.map((device) => [device.deviceId, device]));
  const both = second.devices.flatMap((device) => {
    const before = inFirst.get(device.deviceId);
    return before ? [{ name: device.deviceName, first: before, second: device, isWorse: hasFailed(device) }] : [];
  });
  const isOtherwise = (one: ChangedDevice) => outcomeOf(one.first) !== outcomeOf(one.second);
  return {
    firmware: pair(({ update }) => update.firmware.map(({ fileName }) => fileName).join(', ')),
    total: pair(({ devices }) => devices.length),
    succeeded: pair((one) => countOf(one, 'succeeded')),
    failed: pair((one) => countOf(one, 'failed')),
    other: pair((one) => countOf(one, 'other')),
    durationMs: pair(durationOf),
    bytesSent: pair(sentIn),
    rate: pair((one) => {
      const duration = durationOf(one);
      return duration ? (sentIn(one) * 1_000) / duration : null;
    }),
    changed: both
      .filter(isOtherwise)
      .sort((a, b) => Number(b.isWorse) - Number(a.isWorse) || a.name.localeCompare(b.name)),
    onlyInFirst: first.devices.length - both.length,
    onlyInSecond: second.devices.length - both.length,
  };
}

function outcomeOf(device: DeviceUpdate): 'succeeded' | 'failed' | 'other' {
  if (device.state === 'succeeded') return 'succeeded';
  return hasFailed(device) ? 'failed' : 'other';
}

const countOf = ({ devices }: WholeUpdate, outcome: string) =>
  devices.filter((device) => outcomeOf(device) === outcome).length;

const sentIn = ({ devices }: WholeUpdate) =>
  devices.reduce((sum, { bytesSent, bytesSentEarlier }) => sum + bytesSent + bytesSentEarlier, 0);

/** From the first device that was begun to the last that ended: what an update waited for before is no part of it. */
function durationOf({ devices }: WholeUpdate): number | null {
  const times = (of: (device: DeviceUpdate) => string | null) =>
    devices.flatMap((device) => {
      const at = of(device);
      return at === null ? [] : [Date.parse(at)];
    });
  const from = times(({ startedAt }) => startedAt).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const to = times(({ endedAt }) => endedAt).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return to >= from ? to - from : null;
}
