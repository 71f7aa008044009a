import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { deliver, has, isRoot, makeFile, type Sshd, startSshd, temporaryDir } from '../harness/index.ts';

describe.runIf(has('sshd') && isRoot())('the steps around a transfer', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-2.0.bin');
  let sshd: Sshd;
  let home: string;
  let runs = 0;
  let remotePath: string;
  let versionFile: string;

  beforeAll(async () => {
    sshd = await startSshd();
    home = sshd.user.home;
    makeFile(firmware, 100_000);
  });
  afterAll(() => sshd.stop());
  beforeEach(() => {
    runs += 1;
    remotePath = join(home, `run-${runs}`, 'fw.bin');
    versionFile = join(home, `version-${runs}`);
    writeFileSync(versionFile, 'Firmware: 1.0 (stable)\n');
    chmodSync(versionFile, 0o666);
  });

  const version = () => ({ command: `cat ${versionFile}`, pattern: 'Firmware: (\\S+)' });
  const install = (number: string) => `echo 'Firmware: ${number} (stable)' > ${versionFile}`;
  const wanted = (timeoutMs: number, rebootExpected = false) => ({ version: '2.0', rebootExpected, timeoutMs });
  const upTo = ['connecting', 'preflight', 'transferring', 'verifying', 'activating'];

  it('confirm the version that the device reports some time after its activation', async () => {
    const commands = { version: version(), activate: `(sleep 1; ${install('v2.0.0')}) > /dev/null 2>&1 &` };
    const delivered = await deliver(sshd, firmware, remotePath, { commands, confirmation: wanted(30_000) });
    expect(delivered).toMatchObject({ errorCode: null, steps: [...upTo, 'confirming'] });
    expect([delivered.versions[0], delivered.versions.at(-1)]).toEqual(['1.0', 'v2.0.0']);
  });

  it('wait for the reboot that ends the connection in the middle of the activate command', async () => {
    const started = join(home, `started-${runs}`);
    const activate = `${install('2.0')}; touch ${started}; sleep 60`;
    const commands = { version: version(), activate };
    const delivery = deliver(sshd, firmware, remotePath, { commands, confirmation: wanted(60_000, true) });
    await expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true);
    await sshd.restart();
    expect(await delivery).toMatchObject({ errorCode: null, steps: [...upTo, 'confirming'] });
  });

  it('do not take a device that stays up for one that has rebooted', async () => {
    const commands = { activate: 'true' };
    const confirmation = { version: undefined, rebootExpected: true, timeoutMs: 1_500 };
    const delivered = await deliver(sshd, firmware, remotePath, { commands, confirmation });
    expect(delivered).toMatchObject({
      errorCode: 'VERSION_NOT_CONFIRMED',
      message: 'The reboot was not confirmed within 1.5 s: it has not rebooted.',
    });
  });

  it('say so when the device never comes back', async () => {
    const started = join(home, `started-${runs}`);
    const commands = { version: version(), activate: `touch ${started}; sleep 60` };
    const delivery = deliver(sshd, firmware, remotePath, { commands, confirmation: wanted(4_000, true) });
    await expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true);
    await sshd.kill();
    const { errorCode, message } = await delivery;
    await sshd.restart();
    expect([errorCode, message]).toEqual([
      'VERSION_NOT_CONFIRMED',
      `Version 2.0 was not confirmed within 4 s: 127.0.0.1:${sshd.port} cannot be reached (ECONNREFUSED).`,
    ]);
  });

  it('roll back a device that goes on with the old version', async () => {
    const undone = join(home, `undone-${runs}`);
    const commands = { version: version(), activate: 'echo installing', rollback: `echo back; echo 1 >> ${undone}` };
    const delivered = await deliver(sshd, firmware, remotePath, { commands, confirmation: wanted(1_000) });
    expect(delivered).toMatchObject({
      isRolledBack: true,
      steps: [...upTo, 'confirming', 'rollingBack'],
      errorCode: 'VERSION_NOT_CONFIRMED',
      message: 'Version 2.0 was not confirmed within 1 s: it reports 1.0.',
      ran: [
        { command: 'echo installing', exitCode: 0, output: 'installing' },
        { exitCode: 0, output: 'back' },
      ],
    });
    expect(readFileSync(undone, 'utf8')).toBe('1\n');
  });

  it('roll back an activation that fails', async () => {
    const commands = { activate: 'echo no room >&2; exit 3', rollback: 'true' };
    expect(await deliver(sshd, firmware, remotePath, { commands })).toMatchObject({
      isRolledBack: true,
      errorCode: 'ACTIVATE_FAILED',
      message: 'The command "echo no room >&2; exit 3" ended with exit code 3: no room.',
    });
  });

  it('say that the rollback failed as well', async () => {
    const commands = { activate: 'exit 3', rollback: 'echo stuck; false' };
    const { isRolledBack, errorCode, message } = await deliver(sshd, firmware, remotePath, { commands });
    expect([isRolledBack, errorCode]).toEqual([false, 'ACTIVATE_FAILED']);
    expect(message).toBe(
      'The command "exit 3" ended with exit code 3. The rollback failed as well: The command "echo stuck; false" ended with exit code 1: stuck.',
    );
  });

  it('send nothing to a device that its preflight command finds unfit', async () => {
    const commands = { preflight: 'echo battery low; exit 1', activate: `touch ${home}/never` };
    const delivered = await deliver(sshd, firmware, remotePath, { commands });
    expect(delivered).toMatchObject({
      errorCode: 'PREFLIGHT_FAILED',
      message: 'The command "echo battery low; exit 1" ended with exit code 1: battery low.',
      steps: ['connecting', 'preflight'],
      bytesSent: 0,
    });
    expect(existsSync(join(home, `run-${runs}`))).toBe(false);
  });

  it.each(['exit 1', 'sleep 60'])('go on where the version command of the old firmware is "%s"', async (command) => {
    const timeouts = { commandMs: 1_500 };
    const commands = { version: { command, pattern: undefined }, preflight: 'true' };
    const delivered = await deliver(sshd, firmware, remotePath, { commands, timeouts });
    expect(delivered).toMatchObject({ errorCode: null, steps: upTo.slice(0, -1), versions: [] });
  });

  it('go on after a version command that hangs where the device runs one session at a time', async () => {
    const device = await startSshd({ config: ['MaxSessions 1'] });
    onTestFinished(() => device.stop());
    const commands = { version: { command: 'sleep 60', pattern: undefined } };
    const delivered = await deliver(device, firmware, join(device.user.home, 'fw.bin'), {
      commands,
      timeouts: { commandMs: 1_500 },
    });
    expect(delivered).toMatchObject({ errorCode: null, steps: upTo.slice(0, -1) });
  });

  it('only confirm what an earlier run activated', async () => {
    writeFileSync(versionFile, 'Firmware: 2.0 (stable)\n');
    const commands = { version: version(), activate: `touch ${home}/never` };
    const options = { commands, confirmation: wanted(10_000, true), isActivated: true };
    const delivered = await deliver(sshd, firmware, remotePath, options);
    expect(delivered).toMatchObject({ errorCode: null, steps: ['confirming'], bytesSent: 0, versions: ['2.0'] });
    expect(readdirSync(home)).not.toContain('never');
  });

  it('end a verify command that hangs, and activate nothing', async () => {
    const commands = { verify: 'sleep 60', activate: `touch ${home}/never` };
    const delivered = await deliver(sshd, firmware, remotePath, { commands, timeouts: { commandMs: 1_500 } });
    expect(delivered).toMatchObject({ errorCode: 'TIMEOUT', steps: upTo.slice(0, -1) });
    expect(readdirSync(home)).not.toContain('never');
  });

  it('keep the start and the end of 100 MB that a verify command prints', async () => {
    const verify = 'echo first; head -c 100000000 /dev/zero | tr "\\0" x; echo; echo last >&2; exit 1';
    const { errorCode, ran, message } = await deliver(sshd, firmware, remotePath, { commands: { verify } });
    expect(errorCode).toBe('VERIFY_FAILED');
    expect(message).toMatch(/last\.$/);
    const [{ output } = { output: '' }] = ran;
    expect(output.length).toBeLessThan(128 * 1024);
    expect(output).toMatch(/^first\n.*\n… \d+ bytes are left out …\n.*\nlast$/s);
  });
});
