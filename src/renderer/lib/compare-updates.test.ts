import { describe, expect, it } from 'vitest';
import type { DeviceUpdate, Update } from '../../shared/model/index.ts';
import { compareUpdates, type WholeUpdate } from './compare-updates.ts';

const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 2, 0, second)).toISOString();
const device = (id: string, state: string, seconds: [number, number] | undefined, bytesSent = 100) =>
  ({
    ...{ deviceId: id, deviceName: id, state, bytesSent, bytesSentEarlier: 0 },
    startedAt: seconds ? at(seconds[0]) : null,
    endedAt: seconds ? at(seconds[1]) : null,
  }) as DeviceUpdate;
const whole = (fileName: string, ...devices: DeviceUpdate[]): WholeUpdate => ({
  update: { firmware: [{ fileName }] } as Update,
  devices,
});

describe('two updates side by side', () => {
  const first = whole(
    'fw-1.bin',
    device('a', 'succeeded', [0, 10]),
    device('b', 'succeeded', [2, 20]),
    device('c', 'failed', [5, 6]),
    device('d', 'succeeded', [0, 8]),
    device('e', 'skipped', undefined, 0),
  );
  const second = whole(
    'fw-2.bin',
    device('b', 'rolledBack', [0, 5]),
    device('a', 'succeeded', [0, 10], 300),
    device('c', 'succeeded', [0, 8]),
    device('e', 'skipped', undefined, 0),
    device('x', 'failed', [1, 2]),
  );
  const found = compareUpdates(first, second);

  it('are told by their counts, times and rates', () =>
    expect(found).toMatchObject({
      ...{ firmware: ['fw-1.bin', 'fw-2.bin'], total: [5, 5], succeeded: [3, 2], failed: [1, 2], other: [1, 1] },
      ...{ durationMs: [20_000, 10_000], bytesSent: [400, 600], rate: [20, 60] },
    }));

  it('are told by the devices that came out otherwise, the worse ones first', () => {
    expect(found.changed.map(({ name, isWorse }) => [name, isWorse])).toEqual([
      ['b', true],
      ['c', false],
    ]);
    expect([found.onlyInFirst, found.onlyInSecond]).toEqual([1, 1]);
  });

  it('have no duration before anything was begun', () =>
    expect(compareUpdates(first, whole('fw', device('a', 'pending', undefined)))).toMatchObject({
      durationMs: [20_000, null],
      rate: [20, null],
    }));
});
