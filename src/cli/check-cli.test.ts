import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cliJson, freePort, runCli, setProfile, spawnCli, temporaryDir } from '../../test/harness/index.ts';
import type { DevicePage } from '../shared/model/index.ts';

const dataDir = join(temporaryDir(), 'data');
const silent = createServer((socket) => socket.on('error', () => undefined));
let port: number;
beforeAll(async () => {
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  port = (silent.address() as AddressInfo).port;
  const add = ['devices', 'add', '--location', 'Hall'];
  await cliJson(dataDir, [...add, '--id', 'there', '--name', 'there', '--address', `127.0.0.1:${port}`]);
  await cliJson(dataDir, [...add, '--id', 'gone', '--name', 'gone', '--address', `127.0.0.1:${await freePort()}`]);
});
afterAll(() => void silent.close());

it('says which devices can be reached, and keeps it', async () => {
  const checked = await cliJson(dataDir, ['devices', 'check', '--location', 'Hall']);
  expect(checked).toEqual({
    devices: [
      {
        ...{ id: 'gone', name: 'gone', address: expect.any(String), status: 'offline', lastSeen: null },
        ...{ firmwareVersion: null, errorCode: 'UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') },
      },
      {
        ...{ id: 'there', name: 'there', address: `127.0.0.1:${port}`, status: 'online' },
        ...{ lastSeen: expect.any(String), firmwareVersion: null },
      },
    ],
    online: 1,
    offline: 1,
  });
  const { devices } = await cliJson<DevicePage>(dataDir, ['devices', 'list', '--status', 'online']);
  expect(devices.map(({ id }) => id)).toEqual(['there']);
});

it('tells people what to do about those that cannot', async () => {
  const { code, stdout } = await runCli(dataDir, ['devices', 'check', '--all']);
  expect(code).toBe(0);
  expect(stdout).toContain('UNREACHABLE: Check power, cable and address');
  expect(stdout).toContain('1 online, 1 offline, 0 unknown');
});

it('wants to be told which devices', async () => {
  const { code, stdout } = await runCli(dataDir, ['devices', 'check', '--json']);
  expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'INVALID_INPUT']);
});

it('ends at Ctrl-C, while a device takes its time', async () => {
  await setProfile(dataDir, 'slow', { transport: 'http', http: { versionPath: '/version' } });
  await cliJson(dataDir, ['devices', 'update', 'there', '--profile', 'slow']);
  const asked = once(silent, 'connection');
  const { child, ended } = spawnCli(dataDir, ['devices', 'check', '--device', 'there']);
  await asked;
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining('what was seen is kept') });
});

it('keeps how often it is looked, within bounds', async () => {
  expect(await cliJson(dataDir, ['presence'])).toEqual({ intervalMs: null });
  expect(await cliJson(dataDir, ['presence', '--every', '5m'])).toEqual({ intervalMs: 300_000 });
  const { code, stdout } = await runCli(dataDir, ['presence', '--every', '1s', '--json']);
  expect([code, JSON.parse(stdout).error.message]).toEqual([2, expect.stringContaining('--every: is under 10 s')]);
  expect(await cliJson(dataDir, ['presence'])).toEqual({ intervalMs: 300_000 });
  expect(await cliJson(dataDir, ['presence', '--every', 'off'])).toEqual({ intervalMs: null });
});

it('finds what listens in a subnet, and what of it is registered', async () => {
  await cliJson(dataDir, ['devices', 'update', 'there', '--profile', 'copy']);
  const flags = ['--subnet', '127.0.0.1/32', '--port', String(port)];
  expect(await cliJson(dataDir, ['devices', 'discover', ...flags])).toEqual({
    found: [
      {
        ...{ address: `127.0.0.1:${port}`, announced: null, keyType: null, fingerprint: null },
        knownAs: { id: 'there', name: 'there', address: `127.0.0.1:${port}`, matchedBy: 'address' },
      },
    ],
  });
  expect((await runCli(dataDir, ['devices', 'discover', ...flags])).stdout).toContain('there at 127.0.0.1');
  for (const [refused, why] of [
    [['--subnet', '8.8.8.0/24'], 'not a subnet of this laptop'],
    [[], 'name a subnet, or say how long to listen'],
    [['--listen', '2m'], '--listen: is over 60 s'],
  ] as const) {
    const { code, stdout } = await runCli(dataDir, ['devices', 'discover', ...refused, '--json']);
    expect([code, JSON.parse(stdout).error.message]).toEqual([2, expect.stringContaining(why)]);
  }
  expect(await cliJson(dataDir, ['devices', 'discover', '--listen', '100ms'])).toEqual({ found: expect.any(Array) });
});
