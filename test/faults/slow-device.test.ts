import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { benchCsv, type Simulator, type SimulatorConfig, startSimulator } from '../../src/simulator/index.ts';
import {
  cliJson,
  makeFile,
  type PushSummary,
  setProfile,
  sha256OfFile,
  spawnCli,
  temporaryDir,
} from '../harness/index.ts';

const kib = 1024;

/** Every second device takes firmware over HTTP. */
async function startBench(config: SimulatorConfig): Promise<Simulator> {
  const bench = await startSimulator({ ...config, transport: 'mixed' });
  onTestFinished(() => bench.close());
  return bench;
}

it('a push to 50 fast devices ends before the slow one does that takes 1 KB/s beside them, over SSH and over HTTP', async () => {
  const dir = temporaryDir();
  const dataDir = join(dir, 'data');
  const firmware = join(dir, 'fw-1.0.bin');
  makeFile(firmware, 40 * kib);
  const fast = await startBench({ devices: 50 });
  const slow = await startBench({ devices: 2, rateBytesPerSecond: kib });
  const ids = { ssh: 'slow-ssh', http: 'slow-http' };

  const { username, password } = fast.credential;
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', username, '--password-stdin'], password);
  await setProfile(dataDir, 'copy', { remotePath: '/srv/{firmware.fileName}' });
  await setProfile(dataDir, 'http', { transport: 'http', http: { path: '/srv/{firmware.fileName}' } });
  await cliJson(dataDir, ['devices', 'import', '-'], benchCsv(fast));
  for (const { transport, address } of slow.devices) {
    const profile = transport === 'ssh' ? 'copy' : 'http';
    const as = ['--id', ids[transport], '--name', ids[transport], '--profile', profile];
    await cliJson(dataDir, ['devices', 'add', ...as, '--address', address]);
  }

  const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--all', '--json']);
  /** In the order in which they were told of first: what changes while the follower begins may be told of twice. */
  const succeeded = new Set<string>();
  let last = '';
  for await (const line of cli.lines) {
    last = line;
    const told = JSON.parse(line) as { type: string; deviceId: string; state: string };
    if (told.type === 'device' && told.state === 'succeeded') succeeded.add(told.deviceId);
  }
  expect(JSON.parse(last) as PushSummary).toMatchObject({ type: 'summary', succeeded: 52, failed: 0 });
  expect([...succeeded].slice(50).sort()).toEqual(Object.values(ids).sort());
  const expected = await sha256OfFile(firmware);
  for (const bench of [fast, slow]) {
    for (const { name } of bench.devices) {
      expect(await sha256OfFile(join(bench.rootOf(name), 'srv', 'fw-1.0.bin'))).toBe(expected);
    }
  }
});
