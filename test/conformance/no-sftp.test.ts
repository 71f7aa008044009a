import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  has,
  isRoot,
  makeFile,
  push,
  registerBench,
  remotePathOf,
  setProfile,
  sha256OfFile,
  startDropbear,
  temporaryDir,
} from '../harness/index.ts';

describe.runIf(has('dropbear', 'busybox') && isRoot())('a push from the terminal to a real dropbear', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.0.bin');

  it('goes by the shell by itself, says so, and refuses to where the profile wants SFTP', async () => {
    makeFile(firmware, 3_000_001);
    const dropbear = await startDropbear();
    onTestFinished(() => dropbear.stop());
    const dataDir = join(dir, 'data');
    await registerBench(dataDir, dropbear, ['gw']);
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all']);
    expect(code).toBe(0);
    expect(summary.devices[0]).toMatchObject({ method: 'exec', bytesSent: 3_000_001, resumedFrom: 0 });
    expect(await sha256OfFile(join(dropbear.user.home, 'gw', 'fw-1.0.bin'))).toBe(await sha256OfFile(firmware));

    await setProfile(dataDir, 'bench', { credential: 'bench', method: 'sftp', remotePath: remotePathOf(dropbear) });
    const refused = await push(dataDir, ['--firmware', firmware, '--all']);
    expect(refused.code).toBe(1);
    expect(refused.summary.devices[0]).toMatchObject({
      ...{ errorCode: 'DEVICE_ERROR', method: null },
      message: expect.stringContaining('no SFTP subsystem'),
    });
  });
});
