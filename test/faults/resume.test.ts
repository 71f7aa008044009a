import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  has,
  makeFile,
  type PushSummary,
  registerBench,
  runCli,
  sha256OfFile,
  spawnCli,
  startBadLink,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

describe.runIf(has('sshd'))('a push whose Pushrod is killed in the middle', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.0.bin');
  const sizeBytes = 16 * mib + 1;
  beforeAll(() => makeFile(firmware, sizeBytes));

  it.each(['sftp', 'exec'])('sends only the rest over %s when it goes on', { timeout: 180_000 }, async (method) => {
    const sshd = await startSshd({ sftp: method === 'sftp' });
    onTestFinished(() => sshd.stop());
    // The link freezes, so that there is a middle to be killed in.
    const link = await startBadLink(sshd.port, 'freeze', 10 * mib);
    onTestFinished(() => link.close());
    const dataDir = join(dir, method);
    await registerBench(dataDir, { ...sshd, address: link.address }, ['gw']);
    const target = join(sshd.user.home, 'gw');

    const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--all', '--json']);
    let updateId = '';
    for await (const line of cli.lines) {
      const told = JSON.parse(line) as { updateId: string; bytesSent?: number };
      updateId = told.updateId;
      if ((told.bytesSent ?? 0) > 4 * mib) break;
    }
    cli.child.kill('SIGKILL');
    await cli.ended;
    expect(existsSync(join(target, 'fw-1.0.bin'))).toBe(false);

    link.mend();
    const { code, stdout } = await runCli(dataDir, ['updates', 'resume', updateId, '--json']);
    const { devices } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PushSummary;
    const [device = expect.fail(stdout)] = devices;
    expect(code).toBe(0);
    expect(device).toMatchObject({ state: 'succeeded', method, attempts: 2 });
    expect(device.resumedFrom).toBeGreaterThan(4 * mib - 16 * 1024);
    expect(device.bytesSent).toBe(sizeBytes - device.resumedFrom);
    expect(readdirSync(target)).toEqual(['fw-1.0.bin']);
    expect(await sha256OfFile(join(target, 'fw-1.0.bin'))).toBe(await sha256OfFile(firmware));
  });
});
