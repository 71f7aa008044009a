import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cliJson,
  has,
  makeFile,
  push,
  registerBench,
  remotePathOf,
  runCli,
  type Sshd,
  setProfile,
  sha256OfFile,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;
const ids = ['gw-1', 'gw-2', 'gw-3'];

describe.runIf(has('sshd'))('a push from the terminal to a real sshd', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.2.3.bin');
  let sshd: Sshd;

  beforeAll(async () => {
    sshd = await startSshd();
    makeFile(firmware, 64 * mib);
  });
  afterAll(() => sshd.stop());

  const filesOn = (id: string) => readdirSync(join(sshd.user.home, id));

  it('brings 64 MiB to three devices, whole and verified', async () => {
    const dataDir = join(dir, 'three');
    await registerBench(dataDir, sshd, ids);
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all']);
    expect(code).toBe(0);
    expect(summary).toMatchObject({ state: 'completed', total: 3, succeeded: 3, failed: 0 });
    const expected = await sha256OfFile(firmware);
    for (const device of summary.devices) {
      expect(device).toMatchObject({ state: 'succeeded', attempts: 1, bytesSent: 64 * mib, bytesTotal: 64 * mib });
      expect(filesOn(device.deviceId)).toEqual(['fw-1.2.3.bin']);
      expect(await sha256OfFile(join(sshd.user.home, device.deviceId, 'fw-1.2.3.bin'))).toBe(expected);
    }
    const { devices } = await cliJson<{ devices: { status: string }[] }>(dataDir, ['devices', 'list']);
    expect(devices.map(({ status }) => status)).toEqual(['online', 'online', 'online']);
  });

  it('replaces a file that is there already', async () => {
    const dataDir = join(dir, 'three');
    const other = join(dir, 'other', 'fw-1.2.3.bin');
    mkdirSync(join(dir, 'other'));
    makeFile(other, 100_001, 9);
    const { code } = await push(dataDir, ['--firmware', other, '--device', 'gw-1']);
    expect(code).toBe(0);
    expect(await sha256OfFile(join(sshd.user.home, 'gw-1', 'fw-1.2.3.bin'))).toBe(await sha256OfFile(other));
  });

  it.each([1, 32 * 1024, 255 * 1024, 255 * 1024 + 1, 3 * mib + 7])('brings a file of %d bytes', async (sizeBytes) => {
    const small = join(dir, `small-${sizeBytes}.bin`);
    makeFile(small, sizeBytes);
    await push(join(dir, 'three'), ['--firmware', small, '--device', 'gw-2']);
    expect(await sha256OfFile(join(sshd.user.home, 'gw-2', `small-${sizeBytes}.bin`))).toBe(await sha256OfFile(small));
  });

  it('logs in with a password, and with an encrypted key', async () => {
    const dataDir = join(dir, 'logins');
    await registerBench(dataDir, sshd, ['by-key', 'by-password']);
    const { name, password } = sshd.user;
    const add = ['credentials', 'add'];
    const key = ['--key', sshd.encryptedKey.file, '--passphrase-stdin'];
    await cliJson(dataDir, [...add, 'encrypted', '--username', name, ...key], `${sshd.encryptedKey.passphrase}\n`);
    const small = join(dir, 'small.bin');
    makeFile(small, 1_000);
    const profile = { remotePath: remotePathOf(sshd) };
    await setProfile(dataDir, 'by-key', { ...profile, credential: 'encrypted' });
    expect((await push(dataDir, ['--firmware', small, '--device', 'by-key', '--profile', 'by-key'])).code).toBe(0);
    if (password === undefined) return;
    await cliJson(dataDir, [...add, 'password', '--username', name, '--password-stdin'], `${password}\n`);
    await setProfile(dataDir, 'by-password', { ...profile, credential: 'password' });
    const byPassword = ['--firmware', small, '--device', 'by-password', '--profile', 'by-password'];
    expect((await push(dataDir, byPassword)).code).toBe(0);
  });

  it('activates only what the device itself verified', async () => {
    const dataDir = join(dir, 'activate');
    await registerBench(dataDir, sshd, ['gw-4']);
    const small = join(dir, 'small.bin');
    makeFile(small, 1_000);
    const log = join(sshd.user.home, 'activated');
    const profile = {
      credential: 'bench',
      remotePath: remotePathOf(sshd),
      verifyCommand: 'test -s {remotePath}',
      activateCommand: `sha256sum {remotePath} > ${log} && echo {firmware.version} >> ${log}`,
    };
    await setProfile(dataDir, 'flash', profile);
    const args = ['--firmware', small, '--version', '2.0', '--all', '--profile', 'flash'];
    expect((await push(dataDir, args)).code).toBe(0);
    expect(readFileSync(log, 'utf8')).toMatch(new RegExp(`^${await sha256OfFile(small)} .*\\n2\\.0\\n$`, 's'));
    expect(await cliJson(dataDir, ['devices', 'get', 'gw-4'])).toMatchObject({ firmwareVersion: '2.0' });

    await setProfile(dataDir, 'flash', { ...profile, verifyCommand: 'echo not signed >&2; exit 3' });
    const { code, summary } = await push(dataDir, [...args, '--version', '3.0']);
    expect(code).toBe(1);
    expect(summary.devices[0]).toMatchObject({
      errorCode: 'VERIFY_FAILED',
      message: expect.stringContaining('not signed'),
    });
    expect(readFileSync(log, 'utf8')).toContain('\n2.0\n');
  });

  it('confirms the version afterwards, and rolls back a device that goes on with the old one', async () => {
    const dataDir = join(dir, 'confirm');
    await registerBench(dataDir, sshd, ['gw-5']);
    const version = join(sshd.user.home, 'version');
    const profile = {
      credential: 'bench',
      remotePath: remotePathOf(sshd),
      versionCommand: `cat ${version}`,
      activateCommand: `echo {firmware.version} > ${version}; echo flashed`,
      confirmTimeout: '1s',
      rollbackCommand: `echo 1.0 > ${version}`,
    };
    const args = ['--firmware', firmware, '--all', '--profile', 'confirm'];
    await setProfile(dataDir, 'confirm', profile);
    const { code, summary } = await push(dataDir, [...args, '--version', '2.0']);
    expect([code, summary.devices[0]]).toMatchObject([0, { state: 'succeeded', firmwareVersion: '2.0' }]);
    const outputs = await cliJson(dataDir, ['updates', 'outputs', summary.updateId]);
    expect(outputs).toMatchObject({ outputs: [{ deviceId: 'gw-5', step: 'activating', output: 'flashed' }] });

    await setProfile(dataDir, 'confirm', { ...profile, activateCommand: 'true' });
    const old = await push(dataDir, [...args, '--version', '3.0']);
    expect([old.code, old.summary]).toMatchObject([
      1,
      { failed: 1, rolledBack: 1, devices: [{ state: 'rolledBack', errorCode: 'VERSION_NOT_CONFIRMED' }] },
    ]);
    expect(await cliJson(dataDir, ['devices', 'get', 'gw-5'])).toMatchObject({ firmwareVersion: '1.0' });
  });

  it('pushes several files in one session, and refuses a profile that would put them at one path', async () => {
    const dataDir = join(dir, 'bundle');
    await registerBench(dataDir, sshd, ['gw-6']);
    const [boot, root] = [join(dir, 'boot-1.0.bin'), join(dir, 'root-2.0.bin')];
    makeFile(boot, 100_000, 1);
    makeFile(root, 200_000, 2);
    const args = ['--firmware', boot, '--firmware', root, '--all'];
    const { code, summary } = await push(dataDir, args);
    expect([code, summary.devices[0]]).toMatchObject([0, { bytesSent: 300_000, bytesTotal: 300_000, attempts: 1 }]);
    expect(filesOn('gw-6').sort()).toEqual(['boot-1.0.bin', 'root-2.0.bin']);
    const { update } = await cliJson<{ update: object }>(dataDir, ['updates', 'show', summary.updateId]);
    expect(update).toMatchObject({
      name: 'boot-1.0.bin, root-2.0.bin to 1 device',
      firmware: [
        { fileName: 'boot-1.0.bin', version: '1.0', sizeBytes: 100_000 },
        { fileName: 'root-2.0.bin', version: '2.0', sizeBytes: 200_000 },
      ],
    });
    await setProfile(dataDir, 'one-path', { credential: 'bench', remotePath: `${sshd.user.home}/fw.bin` });
    const refused = await runCli(dataDir, ['push', ...args, '--profile', 'one-path', '--json']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: 'INVALID_INPUT', details: [{ field: 'remotePath' }] },
    });
  });

  it('takes the same firmware from the library by its hash', async () => {
    const dataDir = join(dir, 'three');
    const added = await cliJson<{ sha256: string; size: number }>(dataDir, [
      'firmware',
      'add',
      firmware,
      '--version',
      '1',
    ]);
    expect(added).toMatchObject({ sha256: await sha256OfFile(firmware), size: 64 * mib });
    expect((await push(dataDir, ['--firmware', added.sha256, '--device', 'gw-3'])).code).toBe(0);
  });

  it('lists what ran', async () => {
    const { stdout } = await runCli(join(dir, 'three'), ['updates', 'list', '--json']);
    const { updates } = JSON.parse(stdout) as { updates: { state: string }[] };
    expect(updates.length).toBeGreaterThan(3);
    expect(new Set(updates.map(({ state }) => state))).toEqual(new Set(['completed']));
  });
});
