import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRateLimit } from '../../src/main/delivery/index.ts';
import {
  deliver,
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

  it('sends the file as it is where the gzip of the device fails', async () => {
    const tools = join(dir, 'broken-gzip');
    mkdirSync(tools);
    writeFileSync(join(tools, 'gzip'), '#!/bin/sh\ncat > /dev/null\nexit 1\n', { mode: 0o755 });
    const sshd = await start({ config: [`SetEnv PATH=${tools}:/usr/bin:/bin`] });
    const words = join(dir, 'words.bin');
    writeFileSync(words, Buffer.alloc(3_000_000, 'a line of firmware, and another\n'));
    const path = join(sshd.user.home, 'words.bin');
    const delivered = await deliver(sshd, words, path, { rateLimits: [createRateLimit(2 * 1024 * 1024)] });
    expect(delivered).toMatchObject({ errorCode: null, bytesSent: 3_000_000 });
    expect(await sha256OfFile(path)).toBe(await sha256OfFile(words));
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
