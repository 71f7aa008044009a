import { describe, expect, it } from 'vitest';
import {
  type DeviceId,
  type DeviceUpdate,
  type DeviceUpdateState,
  deviceUpdateState,
} from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { fingerprintsIn } from './fingerprints.ts';
import { formatDuration, formatUntil, percentOf } from './format.ts';
import { decoded } from './fragment.ts';
import { devicePercent, failedCount, overviewOf, totalsOf } from './progress.ts';
import { windowOf } from './windowing.ts';

function device(id: string, state: DeviceUpdateState, given: Partial<DeviceUpdate> = {}): DeviceUpdate {
  return {
    ...{
      deviceId: id as DeviceId,
      deviceName: id,
      address: 'h',
      location: null,
      state,
      phase: 0,
      attempt: 1,
      bytesSent: 0,
      bytesTotal: 100,
    },
    ...{ rateBytesPerSecond: 0, method: null, resumedFrom: 0, errorCode: null, message: null, hint: null },
    ...{ unchangedBytes: 0, unconfirmedSince: null, firmwareVersion: null },
    ...{ bytesSentEarlier: 0, startedAt: null, endedAt: null, ...given },
  };
}

describe('format', () => {
  it.each([
    [0, '0:00'],
    [7_400, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('writes %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('never rounds up to 100 %', () => {
    expect(percentOf(999_999, 1_000_000)).toBe(99);
    expect(percentOf(1, 0)).toBe(0);
  });
});

it('names a state in words', () => {
  expect([t().states.device.rolledBack, t().states.device.failed]).toEqual(['rolled back', 'failed']);
});

describe('progress', () => {
  it('leaves out what was skipped', () => {
    const devices = [device('a', 'succeeded'), device('b', 'skipped')];
    expect(totalsOf(devices)).toMatchObject({ percent: 100, succeeded: 1 });
  });

  it('is told from afar in a few words, which hold every device once', () => {
    const counts = Object.fromEntries(deviceUpdateState.options.map((state) => [state, 1]));
    const groups = overviewOf(counts);
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(deviceUpdateState.options.length);
    expect(overviewOf({ pending: 3 }).map(({ group, count }) => `${count} ${group}`)).toEqual([
      '0 succeeded',
      '0 failed',
      '3 waiting',
    ]);
  });

  it('counts what was rolled back as failed, and what a delta found as through', () => {
    const devices = [device('a', 'rolledBack'), device('b', 'transferring', { bytesSent: 2, unchangedBytes: 48 })];
    expect(totalsOf(devices)).toMatchObject({ failedPercent: 50, percent: 25, succeeded: 0 });
    expect(failedCount({ counts: { rolledBack: 1, failed: 2, succeeded: 3 } })).toBe(3);
  });

  it('says 100 % only after success', () => {
    expect(devicePercent(device('a', 'verifying', { bytesSent: 100 }))).toBe(99);
    expect(devicePercent(device('a', 'succeeded', { bytesSent: 0 }))).toBe(100);
    expect(devicePercent(device('a', 'transferring', { bytesSent: 42 }))).toBe(42);
  });

  it('counts bytes that were really sent, and estimates the rest', () => {
    const devices = [
      device('a', 'failed', { bytesSent: 10, bytesSentEarlier: 20 }),
      device('b', 'transferring', { bytesSent: 50, rateBytesPerSecond: 25 }),
    ];
    expect(totalsOf(devices)).toMatchObject({
      ...{ percent: 25, failedPercent: 50, succeeded: 0, bytesSent: 80 },
      ...{ rateBytesPerSecond: 25, bytesLeft: 50 },
    });
    expect(totalsOf([])).toMatchObject({ percent: 0, bytesLeft: 0 });
  });

  it('says 100 % of a whole update only when each device succeeded', () => {
    const cancelled = Array.from({ length: 8 }, (_, index) => device(`${index}`, 'cancelled', { bytesSent: 40 }));
    expect(totalsOf(cancelled)).toMatchObject({ percent: 40, failedPercent: 0, succeeded: 0 });
    expect(totalsOf([device('a', 'failed')])).toMatchObject({ percent: 0, failedPercent: 100 });
    expect(totalsOf([device('a', 'succeeded'), device('b', 'failed')])).toMatchObject({ percent: 50, succeeded: 1 });
    expect(totalsOf([device('a', 'succeeded', { bytesSent: 10 })])).toMatchObject({ percent: 100, succeeded: 1 });
  });
});

it('draws the rows in sight and stands in for the others', () => {
  const shown = windowOf(1_000, 40, 4_000, 400);
  expect(shown.start).toBeLessThanOrEqual(100);
  expect(shown.end).toBeGreaterThanOrEqual(110);
  expect(shown.end - shown.start).toBeLessThan(50);
  expect(shown.beforePx + (shown.end - shown.start) * 40 + shown.afterPx).toBe(40_000);
  expect(windowOf(3, 40, 0, 400)).toEqual({ start: 0, end: 3, beforePx: 0, afterPx: 0 });
  expect(windowOf(5, 40, 9_000, 400)).toMatchObject({ start: 5, end: 5 });
});

it('takes a part of an address that is encoded badly as it stands', () => {
  expect(decoded('a%20b')).toBe('a b');
  expect(decoded('%')).toBe('%');
});

it('finds the fingerprints in a message', () => {
  const [shown, before] = ['A', 'B'].map((letter) => `SHA256:${letter.repeat(43)}`);
  const message = `The host key of gw is ${shown} (ssh-ed25519); expected ${before} (ssh-ed25519).`;
  expect(fingerprintsIn(message)).toEqual([shown, before]);
  expect(fingerprintsIn(null)).toEqual([]);
});

it.each([
  [-1, 'now'],
  [59_999, 'in less than a minute'],
  [12 * 60_000, 'in 12 min'],
  [3 * 3_600_000, 'in 3 h'],
  [3 * 3_600_000 + 20 * 60_000, 'in 3 h 20 min'],
  [47 * 3_600_000 + 20 * 60_000, 'in 47 h'],
  [5 * 86_400_000 + 1, 'in 5 days'],
])('what comes in %i ms comes %s', (ms, said) => {
  expect(formatUntil(new Date(1e12 + ms).toISOString(), 1e12)).toBe(said);
});
