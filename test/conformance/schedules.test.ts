import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { AuditEntry, ScheduleRun, Update } from '../../src/shared/model/index.ts';
import {
  cliJson,
  has,
  makeFile,
  push,
  registerBench,
  remotePathOf,
  setProfile,
  spawnCli,
  startPostgres,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

/** A Pushrod that stays open, until the test has finished. */
async function serve(dataDir: string, ...options: string[]) {
  const server = spawnCli(dataDir, [...options, 'serve']);
  onTestFinished(async () => {
    server.child.kill('SIGTERM');
    await server.ended;
  });
  await server.lines.next();
}

it.runIf(has('sshd'))(
  'a push in a window begins and activates devices in it only, and a Pushrod that is open then goes on in the next',
  async () => {
    const dir = temporaryDir();
    const dataDir = join(dir, 'data');
    const firmware = join(dir, 'fw-1.0.bin');
    makeFile(firmware, 400_000);
    const sshd = await startSshd();
    onTestFinished(() => sshd.stop());
    await registerBench(dataDir, sshd, ['a', 'b', 'c', 'd', 'e', 'f']);
    await setProfile(dataDir, 'bench', {
      credential: 'bench',
      remotePath: remotePathOf(sshd),
      activateCommand: 'true',
    });
    // Two at a time, four seconds each, so that six are not begun in seven seconds.
    const limits = ['--concurrency', '2', '--rate-limit', '200k'];
    const window = ['--window-start', '*/30 * * * * *', '--window-duration', '10s', '--cutoff', '3s', '--tz', 'UTC'];
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all', ...limits, ...window]);
    expect(code).toBe(3);
    expect(summary.state).toBe('scheduled');
    expect(summary.devices.filter(({ state }) => state === 'pending').length).toBeGreaterThanOrEqual(2);

    await serve(dataDir);
    await vi.waitFor(
      async () => {
        const { update } = await cliJson<{ update: Update }>(dataDir, ['updates', 'show', summary.updateId]);
        expect(update).toMatchObject({ state: 'completed', counts: { succeeded: 6 } });
      },
      { timeout: 110_000, interval: 1_000 },
    );
    const { entries } = await cliJson<{ entries: AuditEntry[] }>(dataDir, ['updates', 'audit']);
    const secondsOf = (action: string) =>
      entries
        .filter((one) => one.subject === 'device-update' && one.action === action)
        .map(({ at }) => (Date.parse(at) % 30_000) / 1_000);
    expect(secondsOf('activating')).toHaveLength(6);
    for (const second of secondsOf('activating')) expect(second).toBeLessThan(10);
    for (const second of secondsOf('connecting')) expect(second).toBeLessThan(7);
  },
);

it.runIf(has('postgres'))('two Pushrods that share a registry begin each run of their schedule once', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.stop());
  const url = await postgres.createDatabase();
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.0.bin');
  makeFile(firmware, 1_000);
  const dataDirs = ['one', 'two'].map((name) => join(dir, name));
  for (const [index, dataDir] of dataDirs.entries()) {
    const shared = ['--registry', url];
    // Nobody listens there, so that each push ends before the next run.
    if (index === 0) await cliJson(dataDir, [...shared, 'devices', 'add', '--name', 'gw', '--address', '127.0.0.1:1']);
    await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', 'root', '--password-stdin'], 'secret');
    const cron = ['--cron', '*/3 * * * * *', '--tz', 'UTC', '--grace', '2s'];
    await cliJson(dataDir, [...shared, 'schedules', 'add', 'often', ...cron, '--firmware', firmware, '--all']);
  }
  await Promise.all(dataDirs.map((dataDir) => serve(dataDir, '--registry', url)));

  const history = async (dataDir: string) =>
    (await cliJson<{ runs: ScheduleRun[] }>(dataDir, ['schedules', 'history', 'often'])).runs;
  let histories: ScheduleRun[][] = [];
  await vi.waitFor(
    async () => {
      histories = await Promise.all(dataDirs.map(history));
      const settled = histories.flat().filter(({ state }) => state === 'started' || state === 'elsewhere');
      expect(settled.length).toBeGreaterThanOrEqual(16);
    },
    { timeout: 100_000, interval: 1_000 },
  );
  const states = new Map<string, string[]>();
  for (const { dueAt, state } of histories.flat()) states.set(dueAt, [...(states.get(dueAt) ?? []), state]);
  for (const [dueAt, found] of states) {
    expect({ dueAt, begun: found.filter((state) => state === 'started').length }).toEqual({
      dueAt,
      begun: found.includes('started') ? 1 : 0,
    });
  }
  const both = [...states.values()].filter((found) => found.includes('started') && found.includes('elsewhere'));
  expect(both.length).toBeGreaterThan(0);
});
