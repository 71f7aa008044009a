import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  has,
  makeFile,
  push,
  registerBench,
  remotePathOf,
  type Sshd,
  setProfile,
  sha256OfFile,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

describe.runIf(has('sshd'))('a push to an sshd that is set up otherwise', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.0.bin');
  beforeAll(() => makeFile(firmware, 3_000_001));

  async function start(options: Parameters<typeof startSshd>[0]): Promise<Sshd> {
    const sshd = await startSshd(options);
    onTestFinished(() => sshd.stop());
    return sshd;
  }
  const finalFile = (sshd: Sshd) => join(sshd.user.home, 'gw', 'fw-1.0.bin');

  it('reaches a device by its IPv6 address', async () => {
    const sshd = await start({ host: '::1' });
    const dataDir = join(dir, 'ipv6');
    await registerBench(dataDir, sshd, ['gw']);
    expect((await push(dataDir, ['--firmware', firmware, '--all'])).code).toBe(0);
    expect(await sha256OfFile(finalFile(sshd))).toBe(await sha256OfFile(firmware));
  });

  it('reads the file back where the device has no tool that hashes', async () => {
    const tools = join(dir, 'no-tools');
    mkdirSync(tools);
    const sshd = await start({ config: [`SetEnv PATH=${tools}`] });
    const dataDir = join(dir, 'read-back');
    await registerBench(dataDir, sshd, ['gw']);
    // The shell's own commands are all there is.
    const activateCommand = `echo done > ${sshd.user.home}/activated`;
    await setProfile(dataDir, 'bench', { credential: 'bench', remotePath: remotePathOf(sshd), activateCommand });
    expect((await push(dataDir, ['--firmware', firmware, '--all'])).code).toBe(0);
    expect(await sha256OfFile(finalFile(sshd))).toBe(await sha256OfFile(firmware));
    expect(existsSync(join(sshd.user.home, 'activated'))).toBe(true);
  });

  it('copies to an account that is for SFTP only, but never says that a command ran there', async () => {
    const sshd = await start({ config: ['ForceCommand internal-sftp'] });
    const dataDir = join(dir, 'sftp-only');
    await registerBench(dataDir, sshd, ['gw']);
    expect((await push(dataDir, ['--firmware', firmware, '--all'])).code).toBe(0);
    expect(await sha256OfFile(finalFile(sshd))).toBe(await sha256OfFile(firmware));
    const profile = { credential: 'bench', remotePath: `${sshd.user.home}/flash/{firmware.fileName}` };
    await setProfile(dataDir, 'bench', { ...profile, activateCommand: 'flash {remotePath}' });
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all']);
    expect(code).toBe(1);
    expect(summary.devices[0]).toMatchObject({
      errorCode: 'DEVICE_ERROR',
      message: expect.stringContaining('runs no commands'),
      bytesSent: 0,
    });
    expect(readdirSync(sshd.user.home)).toEqual(['gw']);
  });
});
