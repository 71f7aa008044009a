import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createWorkerDelivery, type Delivery, type SshJob } from '../../src/main/delivery/index.ts';
import { isRetryable } from '../../src/shared/errors.ts';
import { deliveryJob, has, makeFile, type Sshd, sha256OfFile, startSshd, temporaryDir } from '../harness/index.ts';

const entry = new URL('./crashing-thread.ts', import.meta.url);

describe.runIf(has('sshd'))('a transfer worker that crashes', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw.bin');
  let sshd: Sshd;
  beforeAll(async () => {
    makeFile(firmware, 3_000_001);
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  function start(workers: number): Delivery {
    const delivery = createWorkerDelivery(entry, workers);
    onTestFinished(() => delivery.close());
    return delivery;
  }
  /** Fulfilled with the code of the failure, `null` for none. */
  function run(delivery: Delivery, job: SshJob): Promise<{ code: string | null }> {
    const observer = {
      entering: async () => {},
      progress: () => {},
      foundVersion: () => {},
      ran: () => {},
      decideHostKey: async () => ({ trusted: true }) as const,
    };
    return delivery.deliver(job, observer, new AbortController().signal).then(
      () => ({ code: null }),
      (error) => error,
    );
  }
  const pathOf = (name: string) => join(sshd.user.home, name, 'fw.bin');
  const crash = async (how: string) => deliveryJob(sshd, firmware, how);
  /** A device whose activation lasts until it is let go; `begun` is when it activates. */
  async function held(delivery: Delivery, name: string) {
    const [begun, letGo] = [join(sshd.user.home, `${name}-begun`), join(sshd.user.home, `${name}-go`)];
    const activate = `touch ${begun}; while [ ! -e ${letGo} ]; do sleep 0.05; done`;
    const ended = run(delivery, await deliveryJob(sshd, firmware, pathOf(name), { commands: { activate } }));
    while (!existsSync(begun)) await pause(10);
    return { ended, letGo: () => writeFileSync(letGo, '') };
  }

  it('fails only its own devices, retryably', async () => {
    const delivery = start(2);
    const [beside, apart] = [await held(delivery, 'beside'), await held(delivery, 'apart')];
    const crashed = run(delivery, await crash('/exit'));
    expect(await crashed).toMatchObject({ code: 'WORKER_CRASHED', message: expect.stringContaining('exit code 3') });
    expect(await beside.ended).toMatchObject({ code: 'WORKER_CRASHED' });
    apart.letGo();
    expect(await apart.ended).toEqual({ code: null });
    expect(isRetryable('WORKER_CRASHED')).toBe(true);
  });

  it.each(['/exit', '/throw', '/memory'])('is replaced after %s by a fresh one for the next job', async (how) => {
    const delivery = start(1);
    expect(await run(delivery, await crash(how))).toMatchObject({ code: 'WORKER_CRASHED' });
    const path = pathOf(`after-${how.slice(1)}`);
    expect(await run(delivery, await deliveryJob(sshd, firmware, path))).toEqual({ code: null });
    expect(await sha256OfFile(path)).toBe(await sha256OfFile(firmware));
  });
});
