import {
  bytesThrough,
  type DeviceUpdate,
  type DeviceUpdateState,
  hasFailed,
  isFinal,
  type Update,
} from '../../shared/model/index.ts';
import type { Messages } from '../messages/catalogue.ts';
import { percentOf } from './format.ts';
import type { Tone } from './tones.ts';

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
  /** Payload that is still to be sent. */
  bytesLeft: number;
}

/** Sums up the devices. */
export function totalsOf(all: readonly DeviceUpdate[]): Totals {
  const sums = { count: 0, total: 0, through: 0, failed: 0, left: 0, succeeded: 0, sent: 0, rate: 0 };
  for (const device of all) {
    const { state, bytesTotal, bytesSent, bytesSentEarlier, rateBytesPerSecond } = device;
    if (state === 'skipped') continue;
    sums.count += 1;
    sums.total += bytesTotal;
    sums.sent += bytesSent + bytesSentEarlier;
    sums.rate += rateBytesPerSecond;
    if (state === 'succeeded') {
      sums.succeeded += 1;
      sums.through += bytesTotal;
    } else if (hasFailed(device)) sums.failed += bytesTotal;
    else {
      sums.through += bytesThrough(device);
      if (!isFinal(state)) sums.left += bytesTotal - bytesThrough(device);
    }
  }
  const isWhole = sums.count > 0 && sums.succeeded === sums.count;
  return {
    percent: isWhole ? 100 : Math.min(99, percentOf(sums.through, sums.total)),
    failedPercent: percentOf(sums.failed, sums.total),
    succeeded: sums.succeeded,
    bytesSent: sums.sent,
    rateBytesPerSecond: sums.rate,
    bytesLeft: sums.left,
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
