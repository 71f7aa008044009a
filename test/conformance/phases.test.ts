import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { benchCsv, startSimulator } from '../../src/simulator/index.ts';
import { cliJson, makeFile, setProfile, spawnCli, temporaryDir } from '../harness/index.ts';

it('a push in phases stops after the one that missed its rate, and no device of the next was contacted', async () => {
  const dir = temporaryDir();
  const dataDir = join(dir, 'data');
  const firmware = join(dir, 'fw-1.0.bin');
  makeFile(firmware, 20_000);
  // Of this seed, three of the first ten devices by name refuse their login.
  const bench = await startSimulator({ devices: 40, seed: 7, faults: { login: 0.3 } });
  onTestFinished(() => bench.close());
  const { username, password } = bench.credential;
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', username, '--password-stdin'], password);
  await setProfile(dataDir, 'copy', { remotePath: '/srv/{firmware.fileName}' });
  await cliJson(dataDir, ['devices', 'import', '-'], benchCsv(bench));

  const push = [
    'push',
    '--firmware',
    firmware,
    '--all',
    '--phases',
    '25%,50%,100%',
    '--phase-success',
    '90%',
    '--json',
  ];
  const cli = spawnCli(dataDir, push);
  let id = '';
  for await (const line of cli.lines) {
    const told = JSON.parse(line) as { type: string; state: string; updateId: string };
    id = told.updateId;
    if (told.type === 'update' && told.state === 'paused') break;
  }
  type Shown = { update: object; devices: { deviceName: string; state: string; phase: number }[] };
  const shown = (await cliJson(dataDir, ['updates', 'show', id])) as Shown;
  const first = bench.devices
    .map(({ name }) => name)
    .sort()
    .slice(0, 10);
  const faulty = bench.devices.filter(({ name, fault }) => first.includes(name) && fault !== null).length;
  expect(faulty).toBeGreaterThanOrEqual(2);
  const reason = `Phase 1 ended below its success rate: ${10 - faulty} of 10 devices succeeded, 90 % were required.`;
  expect(shown.update).toMatchObject({ state: 'paused', phase: 0, phases: 3, reason });
  expect(shown.devices.filter(({ phase }) => phase === 0).map(({ deviceName }) => deviceName)).toEqual(first);
  for (const { name } of bench.devices) expect(bench.connectionsOf(name) > 0).toBe(first.includes(name));

  expect(await cliJson(dataDir, ['updates', 'cancel', id])).toMatchObject({ state: 'cancelled' });
  expect(await cli.ended).toMatchObject({ code: 3 });
});
