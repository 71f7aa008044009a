import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createRateLimit, type SshJob } from '../../src/main/delivery/index.ts';
import type { Sha256 } from '../../src/shared/model/index.ts';
import {
  type Delivered,
  deliver,
  deliveryJob,
  has,
  isRoot,
  makeFile,
  mountTmpfs,
  sha256OfFile,
  startBadLink,
  startDelayedLink,
  startDropbear,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

/** Each way to put a file on a device keeps the same promises. The last of them has not one tool that hashes. */
const ways = [
  ['OpenSSH over SFTP', 'sftp', () => startSshd()],
  ['OpenSSH without its SFTP subsystem', 'exec', () => startSshd({ sftp: false })],
  ['dropbear with an SFTP server', 'sftp', () => startDropbear({ sftp: true })],
  ['dropbear with BusyBox', 'exec', () => startDropbear()],
  [
    'dropbear with the least of BusyBox',
    'exec',
    () => startDropbear({ applets: ['cat', 'df', 'ls', 'mkdir', 'mv', 'rm'] }),
  ],
] as const;

describe.runIf(has('sshd', 'dropbear', 'busybox') && isRoot()).each(ways)('a delivery to %s', (name, method, start) => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw.bin');
  let server: Awaited<ReturnType<typeof start>>;
  let target: string;
  let runs = 0;

  beforeAll(async () => {
    server = await start();
    makeFile(firmware, 8 * mib + 1);
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    runs += 1;
    target = join(server.user.home, `run-${runs}`);
  });
  const part = /^fw\.bin\.[0-9a-f]{12}\.part$/;

  async function badLink(how: 'cut' | 'freeze', afterBytes: number): Promise<number> {
    const link = await startBadLink(server.port, how, afterBytes);
    onTestFinished(() => link.close());
    return Number(link.address.split(':').at(-1));
  }

  it.each([1, 32 * 1024, 255 * 1024 + 1, 8 * mib + 1])('brings %i bytes, whole and verified', async (sizeBytes) => {
    const file = join(dir, `size-${sizeBytes}.bin`);
    makeFile(file, sizeBytes);
    const path = join(target, "it's in $(here)", 'fw.bin');
    const delivered = await deliver(server, file, path);
    expect(delivered).toMatchObject({
      steps: ['connecting', 'preflight', 'transferring', 'verifying'],
      transfer: { method, resumedFrom: 0, unchangedBytes: 0 },
      bytesSent: sizeBytes,
      ...{ errorCode: null, message: null },
    });
    expect(await sha256OfFile(path)).toBe(await sha256OfFile(file));
    expect(readdirSync(join(target, "it's in $(here)"))).toEqual(['fw.bin']);
  });

  describe('of firmware that differs little from what the device holds', () => {
    const changes = [100_000, 5 * mib, 8 * mib - 10];
    // Without a tool that hashes, nobody knows what the device holds.
    const canDelta = name !== 'dropbear with the least of BusyBox';

    /** Puts firmware on the device, and makes the next, which is changed in a few places. */
    async function startWithBase(nextBytes: number) {
      const [before, next] = [join(dir, `base-${runs}.bin`), join(dir, `next-${runs}.bin`)];
      makeFile(before, 8 * mib + 1, runs);
      const content = Buffer.concat([readFileSync(before), Buffer.alloc(mib, 'added')]).subarray(0, nextBytes);
      for (const at of changes) content.fill('changed', at, Math.min(at + 5_000, nextBytes));
      writeFileSync(next, content);
      const path = join(target, 'fw.bin');
      await deliver(server, before, path);
      const sha256 = (await sha256OfFile(before)) as Sha256;
      return { path, next, base: { remotePath: path, path: before, sha256, sizeBytes: 8 * mib + 1 } };
    }

    it('sends all of it when what the device holds is not what Pushrod thinks', async () => {
      const { path, next, base } = await startWithBase(8 * mib + 1);
      writeFileSync(path, Buffer.alloc(8 * mib + 1, 'other'));
      const delivered = await deliver(server, next, path, { bases: [base] });
      expect(delivered).toMatchObject({ errorCode: null, transfer: { method }, bytesSent: 8 * mib + 1 });
      expect(await sha256OfFile(path)).toBe(await sha256OfFile(next));
    });

    it('sends all of it where that is gone from the library, or lies where nobody may look', async () => {
      const { path, next, base } = await startWithBase(8 * mib + 1);
      const locked = join(target, 'locked');
      mkdirSync(locked, { mode: 0o700 });
      const bases = [
        { ...base, remotePath: join(locked, 'fw.bin') },
        { ...base, path: join(dir, 'gone.bin') },
      ];
      const delivered = await deliver(server, next, path, { bases });
      expect(delivered).toMatchObject({ errorCode: null, transfer: { method }, bytesSent: 8 * mib + 1 });
      expect(await sha256OfFile(path)).toBe(await sha256OfFile(next));
    });

    if (!canDelta) return;

    it.each([
      ['as long', 8 * mib + 1, 100_000],
      ['longer', 8 * mib + 500_001, 600_000],
      ['shorter', 7 * mib + 3, 100_000],
    ])('sends the changes only, when it is %s', async (_, nextBytes, mostBytes) => {
      const { path, next, base } = await startWithBase(nextBytes);
      const delivered = await deliver(server, next, path, { bases: [base] });
      expect(delivered).toMatchObject({ errorCode: null, transfer: { method: 'delta', resumedFrom: 0 } });
      expect(delivered.bytesSent).toBeLessThan(mostBytes);
      expect(delivered.bytesSent + (delivered.transfer?.unchangedBytes ?? 0)).toBe(nextBytes);
      expect(await sha256OfFile(path)).toBe(await sha256OfFile(next));
      expect(readdirSync(target)).toEqual(['fw.bin']);
    });

    it('sends all of it after a delta that came out wrong', async () => {
      const { path, next, base } = await startWithBase(8 * mib + 1);
      const wrong = join(dir, `wrong-${runs}.bin`);
      writeFileSync(wrong, readFileSync(base.path).fill('damaged', mib, mib + 100));
      writeFileSync(next, readFileSync(next).fill('damaged', mib, mib + 100));
      const delivered = await deliver(server, next, path, { bases: [{ ...base, path: wrong }] });
      expect(delivered).toMatchObject({ errorCode: null, transfer: { method } });
      expect(delivered.steps).toEqual([
        ...['connecting', 'preflight', 'transferring', 'verifying', 'transferring', 'verifying'],
      ]);
      expect(delivered.bytesSent).toBeGreaterThan(8 * mib);
      expect(await sha256OfFile(path)).toBe(await sha256OfFile(next));
      expect(readdirSync(target)).toEqual(['fw.bin']);
    });
  });

  describe('of several files', () => {
    async function bundle(activateCommands: [string, string]) {
      const file = join(dir, 'second.bin');
      makeFile(file, 100_001, 7);
      const one = await deliveryJob(server, firmware, join(target, 'fw.bin'));
      const two = await deliveryJob(server, file, join(target, 'second.bin'));
      const [first, second] = activateCommands;
      const files = [
        { ...one.files[0], verifyCommand: undefined, activateCommand: first },
        { ...two.files[0], verifyCommand: undefined, activateCommand: second },
      ];
      return { files: files as SshJob['files'], second: file };
    }

    it('brings them over one connection, and activates them in order once all are in place', async () => {
      const log = join(server.user.home, `bundle-${runs}`);
      const activate = (name: string) => `echo ${name} >> ${log}; ls ${target} >> ${log}`;
      const { files, second } = await bundle([activate('one'), activate('two')]);
      const delivered = await deliver(server, firmware, join(target, 'fw.bin'), { files });
      expect(delivered).toMatchObject({ errorCode: null, bytesSent: 8 * mib + 1 + 100_001 });
      expect(delivered.steps).toEqual([
        ...['connecting', 'preflight', 'transferring', 'verifying', 'transferring', 'verifying', 'activating'],
      ]);
      expect(readFileSync(log, 'utf8')).toBe('one\nfw.bin\nsecond.bin\ntwo\nfw.bin\nsecond.bin\n');
      expect(await sha256OfFile(join(target, 'second.bin'))).toBe(await sha256OfFile(second));
    });

    it('does not activate one that the verify command of another has changed', async () => {
      const { files } = await bundle([`touch ${join(target, 'never')}`, 'true']);
      const [, second] = files;
      if (second) second.verifyCommand = `echo other > ${join(target, 'fw.bin')}`;
      const delivered = await deliver(server, firmware, join(target, 'fw.bin'), { files });
      expect(delivered).toMatchObject({ errorCode: 'CHECKSUM_MISMATCH' });
      expect(readdirSync(target)).toEqual(['second.bin']);
    });

    it('does not activate one that the activation of another has changed', async () => {
      const spoiled = join(target, 'second.bin');
      const { files } = await bundle([`echo other > ${spoiled}`, `touch ${join(target, 'never')}`]);
      const delivered = await deliver(server, firmware, join(target, 'fw.bin'), { files });
      expect(delivered).toMatchObject({ errorCode: 'ACTIVATE_FAILED', message: expect.stringContaining('Not all') });
      expect(readdirSync(target)).toEqual(['fw.bin']);
    });
  });

  describe('of a file that shrinks, over a slow link,', () => {
    const words = join(dir, 'words.bin');
    const sizeBytes = 4 * mib + 5;
    beforeAll(() => writeFileSync(words, Buffer.alloc(sizeBytes, 'a line of firmware, and another\n')));

    /** Delivers at 2 MiB/s, and says how much passed the link. */
    async function slowly(compress: SshJob['compress']) {
      const link = await startDelayedLink(server.port, 0);
      onTestFinished(() => link.close());
      const options = { port: link.port, compress, rateLimits: [createRateLimit(2 * mib)] };
      const delivered = await deliver(server, words, join(target, 'fw.bin'), options);
      expect(delivered).toMatchObject({ errorCode: null, bytesSent: sizeBytes, transfer: { method } });
      expect(await sha256OfFile(join(target, 'fw.bin'))).toBe(await sha256OfFile(words));
      expect(readdirSync(target)).toEqual(['fw.bin']);
      return link.sentBytes();
    }

    it('sends the rest compressed once the beginning has shown that, where the device can unpack it', async () => {
      const canUnpack = name !== 'dropbear with the least of BusyBox';
      const sentBytes = await slowly('auto');
      if (canUnpack) expect(sentBytes).toBeLessThan(2 * mib);
      else expect(sentBytes).toBeGreaterThan(4 * mib);
    });

    it('sends it as it is where the profile says so', async () => {
      expect(await slowly('off')).toBeGreaterThan(4 * mib);
    });
  });

  it('sends no faster than the narrowest of its limits, and is cancelled in the middle of a wait', async () => {
    const path = join(target, 'fw.bin');
    const file = join(dir, 'limited.bin');
    makeFile(file, 300_000);
    const rateLimits = [createRateLimit(undefined), createRateLimit(150_000)];
    const startMs = performance.now();
    expect(await deliver(server, file, path, { rateLimits })).toMatchObject({ errorCode: null, bytesSent: 300_000 });
    expect(performance.now() - startMs).toBeGreaterThan(1_700);

    const abort = new AbortController();
    const onStep = (step: string) => step === 'transferring' && setTimeout(() => abort.abort(), 100);
    const stopped = { rateLimits: [createRateLimit(1_024)], signal: abort.signal, onStep };
    expect(await deliver(server, firmware, path, stopped)).toMatchObject({ errorCode: 'CANCELLED' });
  });

  it('replaces what is there, then verifies and activates it', async () => {
    const path = join(target, 'fw.bin');
    const other = join(dir, 'other.bin');
    makeFile(other, 100_001, 9);
    await deliver(server, other, path);
    const activated = join(server.user.home, `activated-${runs}`);
    const commands = { verify: `cat ${path} > /dev/null`, activate: `cat ${path} > ${activated}` };
    const { steps, errorCode } = await deliver(server, firmware, path, { commands });
    expect([errorCode, steps.at(-1)]).toEqual([null, 'activating']);
    expect(await sha256OfFile(activated)).toBe(await sha256OfFile(firmware));
  });

  it('activates nothing that is another file in the end, and takes it away', async () => {
    const path = join(target, 'fw.bin');
    const activated = join(server.user.home, `activated-${runs}`);
    const commands = { verify: `echo other > ${path}`, activate: `echo done > ${activated}` };
    expect(await deliver(server, firmware, path, { commands })).toMatchObject({ errorCode: 'CHECKSUM_MISMATCH' });
    expect(existsSync(activated)).toBe(false);
    expect(readdirSync(target)).toEqual([]);
  });

  it('gives the file its mode before it is in place', async () => {
    const path = join(target, 'fw.bin');
    const { errorCode, message } = await deliver(server, firmware, path, { fileMode: 0o640 });
    if (name.includes('least')) return expect(errorCode).toBe('ATTRIBUTES_REFUSED');
    expect(message).toBe(null);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
  });

  it('puts nothing in place whose owner the user may not set', async () => {
    for (const fileOwner of ['0:0', 'root', 'root:root', 'no-such-user']) {
      const { errorCode, message } = await deliver(server, firmware, join(target, 'fw.bin'), { fileOwner });
      expect(errorCode).toBe('ATTRIBUTES_REFUSED');
      expect(message).toContain('could not set the owner');
    }
    expect(readdirSync(target)).toEqual([]);
  });

  it('gives the file an owner that is the user, where the device has chown', async () => {
    const path = join(target, 'fw.bin');
    const { name: userName, uid, gid } = server.user;
    for (const fileOwner of [`${uid}:${gid}`, userName, `${userName}:${gid}`]) {
      const { errorCode } = await deliver(server, firmware, path, { fileOwner });
      expect(errorCode).toBe(name.includes('least') ? 'ATTRIBUTES_REFUSED' : null);
    }
    if (name.includes('least')) expect(existsSync(path)).toBe(false);
    else expect(statSync(path)).toMatchObject({ uid, gid });
  });

  it('says so when the file is gone from the library meanwhile', async () => {
    const file = join(dir, `gone-${runs}.bin`);
    makeFile(file, 2 * mib);
    const onStep = (step: string) => step === 'preflight' && rmSync(file);
    const path = join(target, 'fw.bin');
    expect(await deliver(server, file, path, { onStep })).toMatchObject({
      ...{ errorCode: 'STORAGE_FAILED', message: 'The stored firmware file cannot be read (ENOENT).' },
    });
    expect(existsSync(path)).toBe(false);
  });

  it('says what is in the way', async () => {
    const { home } = server.user;
    writeFileSync(join(home, `file-${runs}`), '');
    mkdirSync(join(home, `closed-${runs}`), { mode: 0o755 });
    const failing = async (path: string) => (await deliver(server, firmware, path)).errorCode;
    expect(await failing(home)).toBe('REMOTE_PATH_INVALID');
    expect(await failing(join(home, `file-${runs}`, 'fw.bin'))).toBe('REMOTE_PATH_INVALID');
    expect(await failing(join(home, `closed-${runs}`, 'fw.bin'))).toBe('PERMISSION_DENIED');
    expect(await failing('/root/pushrod-may-not/fw.bin')).toBe('PERMISSION_DENIED');
  });

  it('leaves nothing on a disk that is too small', async () => {
    onTestFinished(mountTmpfs(target, 4 * mib, server.user));
    const { errorCode, steps } = await deliver(server, firmware, join(target, 'fw.bin'));
    expect([errorCode, steps.at(-1)]).toEqual(['NO_SPACE', 'preflight']);
    expect(readdirSync(target)).toEqual([]);
  });

  it('takes the part away when the disk fills up', async () => {
    onTestFinished(mountTmpfs(target, 9 * mib, server.user));
    let isFull = false;
    const onProgress = () => {
      if (!isFull) takeAllSpace(join(target, 'filler'));
      isFull = true;
    };
    const { errorCode } = await deliver(server, firmware, join(target, 'fw.bin'), { onProgress });
    expect(errorCode).toBe('NO_SPACE');
    expect(readdirSync(target)).toEqual(['filler']);
  });

  it.each([
    ['cut', 'CONNECTION_LOST'],
    ['freeze', 'TIMEOUT'],
  ] as const)('puts nothing in place over a link that does %s', async (how, errorCode) => {
    const port = await badLink(how, 5 * mib);
    const path = join(target, 'fw.bin');
    const lost = await deliver(server, firmware, path, { port, timeouts: { transferMs: 500 } });
    expect(lost).toMatchObject({ errorCode, transfer: { method } });
    expect(lost.bytesSent).toBeGreaterThan(0);
    expect(lost.bytesSent).toBeLessThan(5 * mib);
    expect(readdirSync(target)).toEqual([expect.stringMatching(part)]);
    expect(await deliver(server, firmware, path)).toMatchObject({ errorCode: null });
    expect(readdirSync(target)).toEqual(['fw.bin']);
  });

  describe('after an interrupted one', () => {
    const whole = 8 * mib + 1;
    /** The device can go on in the middle of a file. */
    const resumes = !name.includes('least');
    const stepBytes = method === 'sftp' ? 1 : 16 * 1024;
    const bytes = (from: number, to: number) => readFileSync(firmware).subarray(from, to);

    async function partName(): Promise<string> {
      return `fw.bin.${(await sha256OfFile(firmware)).slice(0, 12)}.part`;
    }
    /** Puts a `.part` on the device as a push of the firmware might have left it. */
    async function leave(content: Buffer, name?: string): Promise<void> {
      mkdirSync(target);
      const path = join(target, name ?? (await partName()));
      writeFileSync(path, content);
      for (const made of [target, path]) chownSync(made, server.user.uid, server.user.gid);
    }
    async function expectResumedFrom(fromBytes: number): Promise<void> {
      const path = join(target, 'fw.bin');
      const from = resumes ? fromBytes - (fromBytes % stepBytes) : 0;
      expect(await deliver(server, firmware, path)).toMatchObject({
        ...{ errorCode: null, message: null },
        transfer: { method, resumedFrom: from, unchangedBytes: 0 },
        bytesSent: whole - from,
      });
      expect(await sha256OfFile(path)).toBe(await sha256OfFile(firmware));
    }

    it.each([0, 1, whole / 2 - 0.5, whole - 1, whole])('sends what comes after the first %d bytes', async (there) => {
      await leave(bytes(0, there));
      await expectResumedFrom(there);
      expect(readdirSync(target)).toEqual(['fw.bin']);
    });

    it('goes on where a cut link left it, and sends no more than the rest', async () => {
      const port = await badLink('cut', 5 * mib);
      const path = join(target, 'fw.bin');
      expect(await deliver(server, firmware, path, { port })).toMatchObject({ errorCode: 'CONNECTION_LOST' });
      const there = statSync(join(target, await partName())).size;
      expect(there).toBeGreaterThan(0);
      await expectResumedFrom(there);
    });

    it('builds upon no byte that was tampered with', async () => {
      const tampered = bytes(0, 6 * mib + 77);
      tampered.writeUInt8(tampered.readUInt8(3 * mib + 5) ^ 1, 3 * mib + 5);
      await leave(tampered);
      await expectResumedFrom(3 * mib);
    });

    it('builds upon nothing that is longer than the firmware', async () => {
      await leave(Buffer.concat([bytes(0, whole), Buffer.from('more')]));
      await expectResumedFrom(0);
    });

    it('builds upon nothing of another firmware of the same name', async () => {
      const other = `fw.bin.${'0'.repeat(12)}.part`;
      await leave(bytes(0, mib), other);
      await expectResumedFrom(0);
      expect(readdirSync(target)).toEqual(['fw.bin', other]);
    });

    it('takes what was cut while the device hashed, and clears the rest', async () => {
      await leave(bytes(0, 2 * mib));
      const stem = `fw.bin.${(await sha256OfFile(firmware)).slice(0, 7)}`;
      const claimed = join(target, `${stem}-0a1f.part`);
      writeFileSync(claimed, bytes(0, 3 * mib));
      chownSync(claimed, server.user.uid, server.user.gid);
      await expectResumedFrom(3 * mib);
      expect(readdirSync(target)).toEqual(['fw.bin']);
    });

    it('counts what is there as room', async () => {
      onTestFinished(mountTmpfs(target, 9 * mib, server.user));
      const path = join(target, await partName());
      writeFileSync(path, bytes(0, 4 * mib));
      chownSync(path, server.user.uid, server.user.gid);
      await expectResumedFrom(4 * mib);
    });
  });

  it('ends when it is cancelled, however silent the device is', async () => {
    const port = await badLink('freeze', 5 * mib);
    const abort = new AbortController();
    const onProgress = () => abort.abort();
    const path = join(target, 'fw.bin');
    const cancelled: Delivered = await deliver(server, firmware, path, { port, onProgress, signal: abort.signal });
    expect(cancelled).toMatchObject({ errorCode: 'CANCELLED' });
    expect(existsSync(path)).toBe(false);
  });
});

function takeAllSpace(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(10 * mib));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
  }
}
