import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { benchCsv, type Simulator, startSimulator } from '../../src/simulator/index.ts';
import {
  cliJson,
  makeFile,
  type PushSummary,
  type RunningCli,
  runCli,
  setProfile,
  sha256OfFile,
  spawnCli,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

interface UpdateShown {
  update: { id: string; state: string };
  devices: { deviceId: string; state: string; attempt: number; errorCode: string | null }[];
}

/** Slow devices, so that there is a middle to stop in. */
describe('a push that is stopped in the middle', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-3.0.bin');
  let bench: Simulator;
  let dataDir: string;
  let runs = 0;

  beforeAll(() => makeFile(firmware, 6 * mib));
  beforeEach(async () => {
    bench = await startSimulator({ devices: 3, rateBytesPerSecond: mib });
    runs += 1;
    dataDir = join(dir, `data-${runs}`);
    const { username, password } = bench.credential;
    await cliJson(
      dataDir,
      ['credentials', 'add', 'bench', '--username', username, '--password-stdin'],
      `${password}\n`,
    );
    await setProfile(dataDir, 'copy', { remotePath: '/srv/{firmware.fileName}' });
    await cliJson(dataDir, ['devices', 'import', '-'], benchCsv(bench));
  });
  afterEach(() => bench.close());

  /** Starts a push and waits until `bytesSent` of some device is above zero. */
  async function pushUntilSending(): Promise<{ cli: RunningCli; updateId: string }> {
    const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--all', '--json']);
    for await (const line of cli.lines) {
      const told = JSON.parse(line) as { type: string; updateId: string; bytesSent?: number };
      if (told.type === 'device' && (told.bytesSent ?? 0) > 0) return { cli, updateId: told.updateId };
    }
    return expect.fail(`the push ended before it sent anything: ${JSON.stringify(await cli.ended)}`);
  }
  const show = (updateId: string) => cliJson<UpdateShown>(dataDir, ['updates', 'show', updateId]);
  const summaryOf = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PushSummary;
  const filesOn = (name: string) => readdirSync(join(bench.rootOf(name), 'srv'));
  const finalFiles = () => bench.devices.map(({ name }) => filesOn(name).filter((file) => !file.endsWith('.part')));

  it('by kill -9 shows the truth at the next start, and one command goes on', async () => {
    const { cli, updateId } = await pushUntilSending();
    cli.child.kill('SIGKILL');
    await cli.ended;
    expect(finalFiles()).toEqual([[], [], []]);
    const shown = await show(updateId);
    expect(shown.update.state).toBe('interrupted');
    expect(shown.devices.map(({ state }) => state)).toEqual(['interrupted', 'interrupted', 'interrupted']);

    const resumed = await runCli(dataDir, ['updates', 'resume', updateId, '--json']);
    expect(resumed.code).toBe(0);
    expect(summaryOf(resumed.stdout)).toMatchObject({ updateId, state: 'completed', succeeded: 3, failed: 0 });
    const expected = await sha256OfFile(firmware);
    for (const { name } of bench.devices) {
      expect(filesOn(name)).toEqual(['fw-3.0.bin']);
      expect(await sha256OfFile(join(bench.rootOf(name), 'srv', 'fw-3.0.bin'))).toBe(expected);
    }
    expect((await runCli(dataDir, ['updates', 'resume', updateId])).code).toBe(2);
  });

  it('by Ctrl-C is cancelled, says so and leaves no file in place', async () => {
    const { cli, updateId } = await pushUntilSending();
    cli.child.kill('SIGINT');
    const { code, stdout } = await cli.ended;
    expect(code).toBe(130);
    expect(summaryOf(stdout)).toMatchObject({ state: 'cancelled', cancelled: 3 });
    expect((await show(updateId)).update.state).toBe('cancelled');
    expect(finalFiles()).toEqual([[], [], []]);
  });

  it('by SIGTERM is interrupted, and can go on', async () => {
    const { cli, updateId } = await pushUntilSending();
    cli.child.kill('SIGTERM');
    expect((await cli.ended).code).toBe(130);
    expect((await show(updateId)).update.state).toBe('interrupted');
  });

  it('from another terminal ends with exit code 3', async () => {
    const { cli, updateId } = await pushUntilSending();
    const listed = await cliJson<{ updates: { id: string; state: string }[] }>(dataDir, ['updates', 'list']);
    expect(listed.updates).toEqual([expect.objectContaining({ id: updateId, state: 'running' })]);
    const cancelled = await cliJson(dataDir, ['updates', 'cancel', updateId]);
    expect(cancelled).toMatchObject({ state: 'cancelled', counts: { cancelled: 3 } });
    const { code, stdout } = await cli.ended;
    expect(code).toBe(3);
    expect(summaryOf(stdout).devices.map(({ errorCode }) => errorCode)).toEqual([
      'CANCELLED',
      'CANCELLED',
      'CANCELLED',
    ]);
  });
});
