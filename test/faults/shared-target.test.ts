import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cliJson,
  has,
  makeFile,
  type PushSummary,
  push,
  type RunningCli,
  registerBench,
  type Sshd,
  setProfile,
  sha256OfFile,
  spawnCli,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

/** The device hashes slowly, so that there is time to come in between. */
describe.runIf(has('sshd'))('one path of one device that is pushed to twice at the same time', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.0.bin');
  let sshd: Sshd;
  let target: string;
  let runs = 0;

  beforeAll(async () => {
    const tools = join(dir, 'tools');
    mkdirSync(tools);
    writeFileSync(join(tools, 'openssl'), '#!/bin/sh\n/usr/bin/openssl "$@"\nsleep 1\n');
    chmodSync(join(tools, 'openssl'), 0o755);
    sshd = await startSshd({ config: [`SetEnv PATH=${tools}:/usr/bin:/bin`] });
    makeFile(firmware, 96 * mib);
  });
  afterAll(() => sshd.stop());

  async function laptop(ids: string[]): Promise<string> {
    runs += 1;
    const dataDir = join(dir, `data-${runs}`);
    await registerBench(dataDir, sshd, ids);
    target = join(sshd.user.home, `target-${runs}.bin`);
    return dataDir;
  }
  const aimAt = (dataDir: string, path: string) =>
    setProfile(dataDir, 'bench', { credential: 'bench', remotePath: path });

  async function startPush(dataDir: string, id: string, until: string): Promise<RunningCli> {
    const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--device', id, '--json']);
    for await (const line of cli.lines) if ((JSON.parse(line) as { state: string }).state === until) return cli;
    return expect.fail(JSON.stringify(await cli.ended));
  }
  const outcomeOf = async ({ ended }: RunningCli) => {
    const { stdout } = await ended;
    return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PushSummary).devices[0] ?? expect.fail(stdout);
  };
  /** Every size that was seen at the final path until all pushes ended; -1 for no file. */
  async function sizesUntil(ended: Promise<unknown>): Promise<Set<number>> {
    const sizes = new Set<number>();
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      sizes.add(existsSync(target) ? statSync(target).size : -1);
      await pause(1);
    }
    return sizes;
  }

  it.each([100, 600])('never holds a partial file when a second laptop comes %i ms into the hashing', async (ms) => {
    const [one, two] = [await laptop(['a']), await laptop(['a'])];
    for (const dataDir of [one, two]) await aimAt(dataDir, target);
    const first = await startPush(one, 'a', 'verifying');
    await pause(ms);
    const second = await startPush(two, 'a', 'running');
    const sizes = await sizesUntil(Promise.all([first.ended, second.ended]));
    const outcomes = [await outcomeOf(first), await outcomeOf(second)];
    expect([...sizes].filter((size) => size !== -1 && size !== 96 * mib)).toEqual([]);
    expect(outcomes.map(({ state }) => state)).toContain('succeeded');
    for (const { state, errorCode } of outcomes) expect([state, errorCode]).not.toEqual(['failed', 'INTERNAL']);
    expect(await sha256OfFile(target)).toBe(await sha256OfFile(firmware));
    expect(readdirSync(sshd.user.home).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('is pushed to in turns when two entries of one registry name it', async () => {
    const dataDir = await laptop(['a', 'b']);
    await aimAt(dataDir, target);
    const first = await startPush(dataDir, 'a', 'transferring');
    const second = spawnCli(dataDir, ['push', '--firmware', firmware, '--device', 'b', '--json']);
    const outcomes = [await outcomeOf(first), await outcomeOf(second)];
    expect(outcomes.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    const { summary } = await push(dataDir, ['--firmware', firmware, '--all']);
    expect(summary).toMatchObject({ succeeded: 2 });
  });

  it('is cleared of what a cut link left while the device hashed', async () => {
    const dataDir = await laptop(['a']);
    await aimAt(dataDir, target);
    const cut = await startPush(dataDir, 'a', 'verifying');
    await pause(500);
    cut.child.kill('SIGKILL');
    await cut.ended;
    expect(existsSync(target)).toBe(false);
    await cliJson(dataDir, ['updates', 'list']);
    expect((await push(dataDir, ['--firmware', firmware, '--device', 'a'])).code).toBe(0);
    expect(readdirSync(sshd.user.home).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
