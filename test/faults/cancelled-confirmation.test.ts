import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  countingSockets,
  has,
  isRoot,
  makeFile,
  type Nginx,
  type Sshd,
  startBadLink,
  startNginx,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';
import { httpDevice, sshDevice } from './devices.ts';

describe.runIf(has('sshd', 'nginx') && isRoot())('a push that is cancelled while it waits for its device', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw.bin');
  let sshd: Sshd;
  let nginx: Nginx;
  let runs = 0;

  beforeAll(async () => {
    [sshd, nginx] = await Promise.all([startSshd(), startNginx()]);
    makeFile(firmware, 100_000);
  });
  afterAll(() => Promise.all([sshd.stop(), nginx.stop()]));

  it.each([
    ['reports the old version', 'ssh'],
    ['reports the old version', 'http'],
    ['is silent', 'ssh'],
    ['is silent', 'http'],
  ] as const)('that %s ends within a second (%s)', async (how, transport) => {
    runs += 1;
    const name = `run-${runs}`;
    const device = transport === 'http' ? httpDevice(nginx, name, firmware) : sshDevice(sshd, 'sftp', name, firmware);
    const link = await startBadLink(device.port);
    onTestFinished(() => link.close());
    const cancel = new AbortController();
    let cancelledAtMs = 0;
    const { result, open } = await countingSockets(() =>
      device.push({
        port: link.port,
        signal: cancel.signal,
        confirmation: { version: '3.0', rebootExpected: false, timeoutMs: 600_000 },
        timeouts: { connectMs: 600_000, commandMs: 600_000 },
        onStep(step) {
          if (step !== 'confirming') return;
          if (how === 'is silent') link.silence();
          // The device has been asked by then, and is not asked again, or does not answer, for more than a second.
          setTimeout(() => {
            cancelledAtMs = performance.now();
            cancel.abort();
          }, 2_400);
        },
      }),
    );
    expect(performance.now() - cancelledAtMs).toBeLessThan(1_000);
    expect(result).toMatchObject({ errorCode: 'CANCELLED', isRolledBack: false });
    expect(result.steps.at(-1)).toBe('confirming');
    await expect.poll(open).toBe(0);
  });
});
