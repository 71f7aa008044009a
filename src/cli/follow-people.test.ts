import { expect, it, onTestFinished, vi } from 'vitest';
import type { DeviceUpdate, Update } from '../shared/model/index.ts';
import { peopleFollower } from './follow-people.ts';
import type { Terminal } from './terminal.ts';

it('says once for each device what it waits for', () => {
  const notes: string[] = [];
  const { changed } = peopleFollower({ note: (line: string) => void notes.push(line) } as unknown as Terminal);
  const update = { endedAt: null, counts: {}, total: 2, reason: null } as unknown as Update;
  const message = 'Waiting: bench-2 is pushing to this device.';
  const device = (deviceName: string, changes: object) =>
    ({
      ...{ deviceId: deviceName, deviceName, address: '192.0.2.1', state: 'pending' },
      ...{ endedAt: null, errorCode: null, message: null },
      ...changes,
    }) as DeviceUpdate;
  changed(update, [device('gw-1', { message }), device('gw-2', {})]);
  changed(update, [device('gw-1', { message, errorCode: 'TIMEOUT' }), device('gw-1', { message })]);
  expect(notes).toEqual([`gw-1 (192.0.2.1)  ${message}`]);
});

it('draws a full bar, and no more, for a device that was sent more than there is', () => {
  const { isTTY } = process.stderr;
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    write.mockRestore();
    process.stderr.isTTY = isTTY;
  });
  process.stderr.isTTY = true;
  const { changed } = peopleFollower({} as Terminal);
  const sent = { bytesTotal: 100, bytesSent: 140, resumedFrom: 0, unchangedBytes: 0, rateBytesPerSecond: 0 };
  const device = { ...sent, deviceId: 'gw-1', state: 'transferring', endedAt: null, errorCode: null, message: null };
  changed({ endedAt: null, counts: {}, total: 1, reason: null } as unknown as Update, [
    device as unknown as DeviceUpdate,
  ]);
  expect(write.mock.lastCall?.[0]).toMatch(/^█{24} 100 %/);
});
