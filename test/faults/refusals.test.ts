import { existsSync, mkdirSync, readdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  cliJson,
  freePort,
  has,
  isRoot,
  makeFile,
  mountTmpfs,
  type PushSummary,
  push,
  registerBench,
  remotePathOf,
  type Sshd,
  setProfile,
  sha256OfFile,
  startBadLink,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

describe.runIf(has('sshd'))('a device that cannot be pushed to', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.0.bin');
  let good: Sshd;
  let bad: Sshd;
  let dataDir: string;
  let runs = 0;

  beforeAll(async () => {
    [good, bad] = await Promise.all([startSshd(), startSshd()]);
    makeFile(firmware, 4 * mib);
  });
  afterAll(async () => {
    await Promise.all([good.stop(), bad.stop()]);
  });
  beforeEach(async () => {
    runs += 1;
    dataDir = join(dir, `data-${runs}`);
    await registerBench(dataDir, good, [`good-${runs}-a`, `good-${runs}-b`]);
  });

  const addBad = (...args: string[]) =>
    cliJson(dataDir, ['devices', 'add', '--id', 'bad', '--name', 'bad', '--address', bad.address, ...args]);
  const addBadLogin = async (profile: object = {}) => {
    const { user, key } = bad;
    await cliJson(dataDir, ['credentials', 'add', 'bad', '--username', user.name, '--key', key.file]);
    await setProfile(dataDir, 'bad', { credential: 'bad', remotePath: remotePathOf(bad), ...profile });
  };

  /** Pushes to all; the bad one fails with `errorCode`, the others get the firmware as if it were not there. */
  async function pushAndFail(errorCode: string, ...args: string[]): Promise<PushSummary['devices'][number]> {
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all', ...args]);
    const failed = summary.devices.find(({ deviceId }) => deviceId === 'bad') ?? expect.fail('no device "bad"');
    expect(failed).toMatchObject({ state: 'failed', errorCode, hint: expect.stringMatching(/\w{3}/) });
    expect(code).toBe(1);
    expect(summary).toMatchObject({ state: 'completed', succeeded: 2, failed: 1 });
    const expected = await sha256OfFile(firmware);
    for (const { deviceId } of summary.devices.filter(({ state }) => state === 'succeeded')) {
      expect(await sha256OfFile(join(good.user.home, deviceId, 'fw-1.0.bin'))).toBe(expected);
    }
    return failed;
  }

  it('has a host key nobody knows, under strict', async () => {
    await addBadLogin();
    await addBad('--profile', 'bad');
    await cliJson(dataDir, ['hosts', 'trust', `good-${runs}-a`, '--fingerprint', good.hostKey.fingerprint]);
    const failed = await pushAndFail('HOST_KEY_UNKNOWN', '--host-keys', 'strict');
    expect(failed.message).toContain(bad.hostKey.fingerprint);
    expect(existsSync(join(bad.user.home, 'bad'))).toBe(false);
    expect(failed.bytesSent).toBe(0);
    await cliJson(dataDir, ['hosts', 'trust', 'bad', '--fingerprint', bad.hostKey.fingerprint]);
    expect((await push(dataDir, ['--firmware', firmware, '--all', '--host-keys', 'strict'])).code).toBe(0);
  });

  it('shows another host key than before', async () => {
    await addBadLogin();
    await addBad('--profile', 'bad');
    expect((await push(dataDir, ['--firmware', firmware, '--device', 'bad'])).code).toBe(0);
    const before = bad.hostKey.fingerprint;
    const logins = () => bad.log().split('Accepted').length;
    const loginsBefore = logins();
    await bad.restartWithNewHostKey();
    const failed = await pushAndFail('HOST_KEY_CHANGED');
    expect(failed.message).toContain(before);
    expect(failed.message).toContain(bad.hostKey.fingerprint);
    // No login was even tried: the credential stayed here.
    expect(logins()).toBe(loginsBefore);
    await cliJson(dataDir, ['hosts', 'forget', 'bad']);
    expect((await push(dataDir, ['--firmware', firmware, '--device', 'bad'])).code).toBe(0);
  });

  it('refuses the password', async () => {
    await cliJson(dataDir, ['credentials', 'add', 'wrong', '--username', bad.user.name, '--password-stdin'], 'guess\n');
    await setProfile(dataDir, 'bad', { credential: 'wrong', remotePath: remotePathOf(bad) });
    await addBad('--profile', 'bad');
    await pushAndFail('AUTH_FAILED');
  });

  it('cannot be reached', async () => {
    await addBadLogin();
    await cliJson(dataDir, [
      ...['devices', 'add', '--id', 'bad', '--name', 'bad', '--profile', 'bad'],
      ...['--address', `127.0.0.1:${await freePort()}`],
    ]);
    await pushAndFail('UNREACHABLE');
    expect(await cliJson(dataDir, ['devices', 'get', 'bad'])).toMatchObject({ status: 'offline' });
  });

  it.runIf(isRoot())('keeps its directory to itself', async () => {
    const closed = join(bad.user.home, 'closed');
    mkdirSync(closed, { mode: 0o755 });
    await addBadLogin({ remotePath: `${closed}/{firmware.fileName}` });
    await addBad('--profile', 'bad');
    await pushAndFail('PERMISSION_DENIED');
    expect(readdirSync(closed)).toEqual([]);
  });

  it.runIf(isRoot())('has less room than the firmware needs', async () => {
    const small = join(bad.user.home, 'small');
    onTestFinished(mountTmpfs(small, 2 * mib, bad.user));
    await addBadLogin({ remotePath: `${small}/{firmware.fileName}` });
    await addBad('--profile', 'bad');
    await pushAndFail('NO_SPACE');
    expect(readdirSync(small)).toEqual([]);
  });

  it.runIf(isRoot())('has a disk that fills up during the transfer', async () => {
    const small = join(bad.user.home, 'filling');
    onTestFinished(mountTmpfs(small, 66 * mib, bad.user));
    await addBadLogin({ remotePath: `${small}/{firmware.fileName}` });
    await addBad('--profile', 'bad');
    const big = join(dir, 'fw-2.0.bin');
    makeFile(big, 64 * mib);
    const watcher = watch(small);
    watcher.once('change', () => takeAllSpace(join(small, 'filler')));
    onTestFinished(() => watcher.close());
    const { code, summary } = await push(dataDir, ['--firmware', big, '--device', 'bad']);
    expect(code).toBe(1);
    expect(summary.devices[0]).toMatchObject({ state: 'failed', errorCode: 'NO_SPACE' });
    expect(readdirSync(small)).toEqual(['filler']);
  });

  it.runIf(isRoot())('has room enough once its own unfinished transfer is counted', async () => {
    const small = join(bad.user.home, 'resumed');
    onTestFinished(mountTmpfs(small, 7 * mib, bad.user));
    await addBadLogin({ remotePath: `${small}/{firmware.fileName}` });
    const link = await startBadLink(bad.port, 'cut', 3.5 * mib);
    onTestFinished(() => link.close());
    const id = ['--id', 'bad', '--name', 'bad', '--profile', 'bad'];
    await cliJson(dataDir, ['devices', 'add', ...id, '--address', link.address]);
    expect((await push(dataDir, ['--firmware', firmware, '--device', 'bad'])).code).toBe(1);
    expect(readdirSync(small)).toEqual([expect.stringMatching(/\.part$/)]);
    await cliJson(dataDir, ['devices', 'update', 'bad', '--address', bad.address]);
    expect((await push(dataDir, ['--firmware', firmware, '--device', 'bad'])).code).toBe(0);
    expect(readdirSync(small)).toEqual(['fw-1.0.bin']);
  });

  it('has a directory where the file should go', async () => {
    await addBadLogin();
    await addBad('--profile', 'bad');
    const { code } = await push(dataDir, ['--firmware', firmware, '--device', 'bad']);
    expect(code).toBe(0);
    await setProfile(dataDir, 'bad', { credential: 'bad', remotePath: bad.user.home });
    await pushAndFail('REMOTE_PATH_INVALID');
  });
});

function takeAllSpace(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(66 * mib));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
  }
}
