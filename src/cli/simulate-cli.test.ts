import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli, spawnCli, temporaryDir } from '../../test/harness/index.ts';

const dir = temporaryDir();

const answers = (address: string) =>
  new Promise<boolean>((resolve) => {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host, () => socket.destroy() && resolve(true));
    socket.on('error', () => resolve(false));
  });

it.each(['SIGTERM', 'SIGINT'] as const)('simulate runs a bench until %s', async (signal) => {
  const csv = join(dir, 'bench.csv');
  const { child, lines, ended } = spawnCli(dir, ['simulate', '--devices', '3', '--csv', csv]);
  const first = JSON.parse((await lines.next()).value);
  expect(Object.keys(first)).toEqual(['devices', 'credential']);
  expect(first.credential).toEqual({ username: expect.any(String), password: expect.any(String) });
  const [header, ...rows] = readFileSync(csv, 'utf8').trim().split('\n');
  expect(header).toMatch(/^name,address,/);
  expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual(
    first.devices.map(({ name, address }: { name: string; address: string }) => [name, address]),
  );
  expect(await answers(first.devices[2].address)).toBe(true);
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 0 });
  expect(await answers(first.devices[2].address)).toBe(false);
});

it('simulate runs HTTP devices, whose profile is in the list', async () => {
  const csv = join(dir, 'web.csv');
  const { child, lines, ended } = spawnCli(dir, ['simulate', '--devices', '2', '--transport', 'http', '--csv', csv]);
  const { devices } = JSON.parse((await lines.next()).value) as {
    devices: { address: string; firmwareVersion: string }[];
  };
  for (const { address, firmwareVersion } of devices) {
    expect(await (await fetch(`http://${address}/version`)).json()).toEqual({ version: firmwareVersion });
  }
  const [, ...rows] = readFileSync(csv, 'utf8').trim().split('\n');
  expect(rows.map((row) => row.split(',').at(-1))).toEqual(['http', 'http']);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
});

it('simulate refuses a list it cannot write', async () => {
  const { code, stdout } = await runCli(dir, ['simulate', '--devices', '1', '--csv', '/nonexistent/x.csv', '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error).toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'csv' }] });
});
