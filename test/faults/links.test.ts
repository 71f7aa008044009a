import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
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
  spawnCli,
  startBadLink,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;

describe.runIf(has('sshd'))('a link that goes bad', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw-1.0.bin');
  let sshd: Sshd;
  let dataDir: string;
  let runs = 0;

  beforeAll(async () => {
    sshd = await startSshd();
    makeFile(firmware, 16 * mib);
  });
  afterAll(() => sshd.stop());
  beforeEach(async () => {
    runs += 1;
    dataDir = join(dir, `data-${runs}`);
    await registerBench(dataDir, sshd, [`good-${runs}`]);
    const timeouts = { connect: '1s', command: '2s', transfer: '1s' };
    await setProfile(dataDir, 'bench', { credential: 'bench', remotePath: remotePathOf(sshd), timeouts });
  });

  async function addBad(how: 'cut' | 'freeze', afterBytes: number): Promise<string> {
    const link = await startBadLink(sshd.port, how, afterBytes);
    onTestFinished(() => link.close());
    const id = `bad-${runs}`;
    await cliJson(dataDir, ['devices', 'add', '--id', id, '--name', id, '--address', link.address]);
    return id;
  }
  const finalFile = (id: string) => join(sshd.user.home, id, 'fw-1.0.bin');

  it.each([
    ['is cut in the middle of the transfer', 'cut', 5 * mib, 'CONNECTION_LOST'],
    ['hangs in the middle of the transfer', 'freeze', 5 * mib, 'TIMEOUT'],
    ['is cut during the handshake', 'cut', 100, 'CONNECTION_LOST'],
    ['hangs before the first byte', 'freeze', 0, 'TIMEOUT'],
    ['hangs during the login', 'freeze', 1_600, 'TIMEOUT'],
  ] as const)('%s', async (_, how, afterBytes, errorCode) => {
    const id = await addBad(how, afterBytes);
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all', '--retries', '1']);
    expect(code).toBe(1);
    expect(summary).toMatchObject({ state: 'completed', succeeded: 1, failed: 1 });
    const bad = summary.devices.find(({ deviceId }) => deviceId === id);
    expect(bad).toMatchObject({ state: 'failed', errorCode, attempts: 2 });
    expect(existsSync(finalFile(id))).toBe(false);
    expect(await sha256OfFile(finalFile(`good-${runs}`))).toBe(await sha256OfFile(firmware));
  });

  it('lets a later push finish what was cut', async () => {
    const id = await addBad('cut', 5 * mib);
    expect((await push(dataDir, ['--firmware', firmware, '--device', id])).code).toBe(1);
    expect(readdirSync(join(sshd.user.home, id))).toEqual([
      expect.stringMatching(/^fw-1\.0\.bin\.[0-9a-f]{12}\.part$/),
    ]);
    await cliJson(dataDir, ['devices', 'update', id, '--address', sshd.address]);
    expect((await push(dataDir, ['--firmware', firmware, '--device', id])).code).toBe(0);
    expect(readdirSync(join(sshd.user.home, id))).toEqual(['fw-1.0.bin']);
  });

  it('keeps the old file when the new one does not arrive', async () => {
    const id = `good-${runs}`;
    expect((await push(dataDir, ['--firmware', firmware, '--device', id])).code).toBe(0);
    const before = await sha256OfFile(finalFile(id));
    const link = await startBadLink(sshd.port, 'cut', 2 * mib);
    onTestFinished(() => link.close());
    await cliJson(dataDir, ['devices', 'update', id, '--address', link.address]);
    const other = join(dir, `other-${runs}.bin`);
    makeFile(other, 8 * mib, 7);
    const profile = { credential: 'bench', remotePath: `${sshd.user.home}/{device.id}/fw-1.0.bin` };
    await setProfile(dataDir, 'bench', profile);
    expect((await push(dataDir, ['--firmware', other, '--device', id])).code).toBe(1);
    expect(await sha256OfFile(finalFile(id))).toBe(before);
  });

  it('does not activate what the device says is another file, and takes it away', async () => {
    const id = `good-${runs}`;
    const marker = join(sshd.user.home, `activated-${runs}`);
    const profile = { credential: 'bench', remotePath: remotePathOf(sshd) };
    // The verify command swaps the file, as a second writer on the device might.
    await setProfile(dataDir, 'bench', {
      ...profile,
      verifyCommand: 'echo other > {remotePath}',
      activateCommand: `touch ${marker}`,
    });
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--device', id]);
    expect(code).toBe(1);
    expect(summary.devices[0]).toMatchObject({ errorCode: 'CHECKSUM_MISMATCH' });
    expect(existsSync(marker)).toBe(false);
    expect(readdirSync(join(sshd.user.home, id))).toEqual([]);
  });

  it('is steady but slow, which is no silence', async () => {
    const bench = await startSimulator({ devices: 1, rateBytesPerSecond: mib });
    onTestFinished(() => bench.close());
    const { username, password } = bench.credential;
    const add = ['credentials', 'add', 'simulated', '--username', username, '--password-stdin'];
    await cliJson(dataDir, add, password);
    const timeouts = { connect: '3s', command: '5s', transfer: '2s' };
    await setProfile(dataDir, 'slow', { credential: 'simulated', remotePath: '/srv/{firmware.fileName}', timeouts });
    const [{ address } = expect.fail('no device')] = bench.devices;
    await cliJson(dataDir, ['devices', 'add', '--id', 'slow', '--name', 'slow', '--address', address]);
    const small = join(dir, 'slow-1.0.bin');
    makeFile(small, 5 * mib);
    const { code, summary } = await push(dataDir, ['--firmware', small, '--device', 'slow', '--profile', 'slow']);
    expect(summary.devices[0]).toMatchObject({ state: 'succeeded', errorCode: null, message: null });
    expect(code).toBe(0);
  });

  it('says that it does not know when Pushrod was killed while a device activated', async () => {
    const id = `good-${runs}`;
    const started = join(sshd.user.home, `started-${runs}`);
    const activateCommand = `echo once >> ${started}; sleep 30`;
    await setProfile(dataDir, 'bench', { credential: 'bench', remotePath: remotePathOf(sshd), activateCommand });
    const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--device', id, '--json']);
    let updateId = '';
    for await (const line of cli.lines) {
      const told = JSON.parse(line) as { updateId: string; state: string };
      updateId = told.updateId;
      if (told.state === 'activating') break;
    }
    cli.child.kill('SIGKILL');
    await cli.ended;
    const shown = await cliJson<{ update: { state: string }; devices: { state: string; errorCode: string }[] }>(
      dataDir,
      [...['updates', 'show', updateId]],
    );
    expect(shown.devices).toEqual([expect.objectContaining({ state: 'failed', errorCode: 'ACTIVATION_UNKNOWN' })]);
    const resumed = await runCli(dataDir, ['updates', 'resume', updateId, '--json']);
    expect(resumed.code).toBe(1);
    expect(existsSync(started) ? readFileSync(started, 'utf8') : 'once\n').toBe('once\n');
  });

  it('refuses to send a library file that was damaged on this laptop', async () => {
    const id = `good-${runs}`;
    const added = await cliJson<{ sha256: string }>(dataDir, ['firmware', 'add', firmware, '--version', '1']);
    const stored = join(dataDir, 'firmware', added.sha256.slice(0, 2), added.sha256);
    writeFileSync(stored, Buffer.alloc(16 * mib));
    const { code, summary } = await push(dataDir, ['--firmware', added.sha256, '--device', id]);
    expect(code).toBe(1);
    expect(summary.devices[0]).toMatchObject({ errorCode: 'CHECKSUM_MISMATCH' });
    expect(existsSync(finalFile(id))).toBe(false);
  });
});
