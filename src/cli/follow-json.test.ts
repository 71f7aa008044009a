import { expect, it } from 'vitest';
import { type DeviceUpdate, deviceUpdate, type Update, update } from '../shared/model/index.ts';
import { jsonFollower } from './follow-json.ts';
import type { Terminal } from './terminal.ts';

const start = '2026-03-29T01:00:00.000Z';
const aPush = (changes: Partial<Update>): Update =>
  update.parse({
    ...{ id: 'u1', name: 'push', state: 'running', counts: {}, total: 2, createdAt: start, endedAt: null },
    firmware: [{ sha256: '0'.repeat(64), fileName: 'fw.bin', version: '', sizeBytes: 10 }],
    ...changes,
  });
const aDevice = (changes: object): DeviceUpdate =>
  deviceUpdate.parse({
    ...{ deviceId: 'd1', deviceName: 'gw', address: '192.0.2.1', state: 'pending', attempt: 1, bytesSent: 0 },
    ...{ bytesTotal: 10, rateBytesPerSecond: 0, method: null, resumedFrom: 0, errorCode: null, message: null },
    ...{ hint: null, startedAt: null, endedAt: null },
    ...changes,
  });

function follower() {
  const lines: Record<string, unknown>[] = [];
  const terminal = { jsonLine: (line: Record<string, unknown>) => void lines.push(line) } as unknown as Terminal;
  return { lines, ...jsonFollower(terminal) };
}

it('says the state of the update when it changes, and every change of a device', () => {
  const { lines, changed } = follower();
  changed(aPush({}), [aDevice({})]);
  changed(aPush({}), [aDevice({ state: 'transferring', method: 'sftp', bytesSent: 4 })]);
  changed(aPush({ state: 'completed' }), []);
  expect(lines).toEqual([
    { type: 'update', updateId: 'u1', state: 'running' },
    expect.objectContaining({ type: 'device', updateId: 'u1', deviceId: 'd1', state: 'pending' }),
    expect.objectContaining({ state: 'transferring', attempt: 1, bytesSent: 4, bytesTotal: 10, method: 'sftp' }),
    { type: 'update', updateId: 'u1', state: 'completed' },
  ]);
});

it('gives a device an errorCode only when it has one', () => {
  const { lines, changed } = follower();
  changed(aPush({}), [aDevice({}), aDevice({ state: 'failed', errorCode: 'NO_SPACE', message: 'full' })]);
  expect(lines[1]).not.toHaveProperty('errorCode');
  expect(lines[1]).not.toHaveProperty('message');
  expect(lines[2]).toMatchObject({ errorCode: 'NO_SPACE', message: 'full' });
});

it('says what a device waits for', () => {
  const { lines, changed } = follower();
  changed(aPush({}), [aDevice({ message: 'Waiting: bench-2 is pushing to this device.' })]);
  expect(lines[1]).toMatchObject({ message: 'Waiting: bench-2 is pushing to this device.' });
  expect(lines[1]).not.toHaveProperty('errorCode');
});

it('sums up what happened to each device', () => {
  const { lines, ended } = follower();
  const times = { startedAt: start, endedAt: '2026-03-29T01:00:02.000Z' };
  ended(
    aPush({ state: 'completed', endedAt: '2026-03-29T01:00:03.000Z' }),
    [
      aDevice({ state: 'succeeded', bytesSent: 10, method: 'sftp', ...times }),
      aDevice({
        deviceId: 'd2',
        state: 'failed',
        errorCode: 'NO_SPACE',
        message: 'full',
        hint: 'free',
        bytesSent: 1,
        bytesSentEarlier: 2,
      }),
    ],
    new Map([['d1', '1.2.3']]),
  );
  expect(lines).toEqual([
    expect.objectContaining({
      ...{ type: 'summary', updateId: 'u1', state: 'completed', total: 2, succeeded: 1, failed: 1 },
      ...{ skipped: 0, cancelled: 0, staged: 0, bytesSent: 13, durationMs: 3_000 },
      devices: [
        expect.objectContaining({ deviceId: 'd1', attempts: 1, durationMs: 2_000, firmwareVersion: '1.2.3' }),
        expect.objectContaining({
          deviceId: 'd2',
          errorCode: 'NO_SPACE',
          bytesSent: 3,
          hint: 'free',
          firmwareVersion: null,
        }),
      ],
    }),
  ]);
});
