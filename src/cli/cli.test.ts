import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliJson, runCli, setProfile, spawnCli, temporaryDir } from '../../test/harness/index.ts';
import { benchCsv, type Simulator, startSimulator } from '../simulator/index.ts';

const dir = temporaryDir();
let folders = 0;
const freshDataDir = () => join(dir, `data-${++folders}`);
const fileWith = (name: string, content: string | Buffer) => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
const lastLine = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
function fifo(): string {
  const path = join(dir, 'fifo.bin');
  execFileSync('mkfifo', [path]);
  return path;
}
interface FirmwareJson {
  sha256: string;
  size: number;
  version: string;
  models: string[];
  notes: string;
}

describe('the command line', () => {
  const dataDir = freshDataDir();

  it.each([
    [['nope'], 2, 'INVALID_INPUT'],
    [['devices'], 2, 'INVALID_INPUT'],
    [['devices', 'list', '--nope'], 2, 'INVALID_INPUT'],
    [['devices', 'list', '--status', 'broken'], 2, 'INVALID_INPUT'],
    [['devices', 'get', 'nope'], 4, 'DEVICE_NOT_FOUND'],
    [['devices', 'remove', '--all'], 2, 'INVALID_INPUT'],
    [['devices', 'import', '/nope.csv'], 2, 'INVALID_INPUT'],
    [['credentials', 'add', 'x', '--username', 'u'], 2, 'INVALID_INPUT'],
    [['credentials', 'remove', 'nope'], 4, 'CREDENTIAL_NOT_FOUND'],
    [['profiles', 'get', 'nope'], 4, 'PROFILE_NOT_FOUND'],
    [['hosts', 'trust', 'nope', '--scan'], 4, 'DEVICE_NOT_FOUND'],
    [['firmware', 'get', '0'.repeat(64)], 4, 'FIRMWARE_NOT_FOUND'],
    [['updates', 'show', 'nope'], 4, 'UPDATE_NOT_FOUND'],
    [['updates', 'resume', 'nope'], 4, 'UPDATE_NOT_FOUND'],
    [['push', '--all'], 2, 'INVALID_INPUT'],
    [['push', '--firmware', '/nope.bin', '--all'], 2, 'INVALID_INPUT'],
    [['push', '--firmware', '/dev/zero', '--all'], 2, 'INVALID_INPUT'],
    [['push', '--firmware', fifo(), '--all'], 2, 'INVALID_INPUT'],
    [['push', '--firmware', '0'.repeat(64), '--all'], 4, 'FIRMWARE_NOT_FOUND'],
    [['push', '--firmware', 'a', '--firmware', 'b', '--all'], 2, 'INVALID_INPUT'],
    [['push', '--firmware', 'a'], 2, 'INVALID_INPUT'],
    [['simulate', '--devices', '0'], 2, 'INVALID_INPUT'],
  ])('answers %j with exit code %i and %s', async (args, code, errorCode) => {
    const result = await runCli(dataDir, [...args, '--json']);
    expect(result.code).toBe(code);
    expect(JSON.parse(result.stdout)).toEqual({
      error: expect.objectContaining({ code: errorCode, hint: expect.any(String), details: expect.any(Array) }),
    });
  });

  it('tells people on standard error, with nothing on standard output', async () => {
    const list = fileWith('bad.csv', 'name,address\n,192.0.2.1\ngw,a//b\n');
    const { code, stdout, stderr } = await runCli(dataDir, ['devices', 'import', list]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/line 2, name: .*\n.*line 3, address: /);
  });

  it('takes --version of firmware add for the version of the firmware', async () => {
    const path = fileWith('fw.bin', 'firmware');
    const added = await cliJson<FirmwareJson>(dataDir, ['firmware', 'add', path, '--version', '9.9']);
    expect(added).toMatchObject({ version: '9.9', size: 8, signature: null });
  });

  it('refuses a list that is not UTF-8, instead of registering broken names', async () => {
    const list = fileWith('latin1.csv', Buffer.from('name,address\nW\xe4rme,192.0.2.9\n', 'latin1'));
    expect((await runCli(dataDir, ['devices', 'import', list])).code).toBe(2);
    expect(await cliJson(dataDir, ['devices', 'list', '--search', '192.0.2.9'])).toMatchObject({ total: 0 });
  });

  it('lists devices with the keys scripts rely on', async () => {
    await cliJson(dataDir, [
      'devices',
      'add',
      '--id',
      'gw',
      '--name',
      'gw',
      '--address',
      '192.0.2.7',
      '--tag',
      'rack=4',
    ]);
    const page = await cliJson<object>(dataDir, ['devices', 'list', '--tag', 'rack=4']);
    expect(Object.keys(page)).toEqual(['devices', 'total', 'nextCursor']);
    expect(page).toMatchObject({ devices: [{ id: 'gw', status: 'unknown', metadata: { rack: '4' } }], total: 1 });
  });

  it('has a description of every command in its help', async () => {
    const { code, stdout } = await runCli(dataDir, ['push', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('push --firmware');
    expect(stdout).toContain('--json');
  });

  it('lets many commands use one data folder at the same time', async () => {
    const shared = freshDataDir();
    const names = Array.from({ length: 6 }, (_, index) => `gw-${index}`);
    const adding = names.map((name) => runCli(shared, ['devices', 'add', '--name', name, '--address', '192.0.2.1']));
    expect((await Promise.all(adding)).map(({ code }) => code)).toEqual(names.map(() => 0));
    expect(await cliJson(shared, ['devices', 'list'])).toMatchObject({ total: names.length });
  });
});

describe('a push', () => {
  const dataDir = freshDataDir();
  let bench: Simulator;
  let ids: string[];
  const fast = () => fileWith('fast-1.2.3.bin', Buffer.alloc(64 * 1024, 1));
  const slow = () => fileWith('slow-2.0.0.bin', Buffer.alloc(8 * 1024 * 1024, 2));

  beforeAll(async () => {
    bench = await startSimulator({ devices: 2, rateBytesPerSecond: 2 * 1024 * 1024 });
    const { username, password } = bench.credential;
    await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', username, '--password-stdin'], password);
    await setProfile(dataDir, 'copy', { remotePath: '/srv/{firmware.fileName}' });
    await cliJson(dataDir, ['devices', 'import', '-'], benchCsv(bench));
    const page = await cliJson<{ devices: { id: string }[] }>(dataDir, ['devices', 'list']);
    ids = page.devices.map(({ id }) => id);
  });
  afterAll(() => bench.close());

  /** Starts a push to one device, and comes back when it is sending. */
  async function startPush(firmware: string, device: string) {
    const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--device', device, '--json']);
    for await (const line of cli.lines) {
      const { updateId, state } = JSON.parse(line);
      if (state === 'transferring') return { ...cli, updateId: updateId as string };
    }
    return expect.fail(JSON.stringify(await cli.ended));
  }

  it('keeps what the library says of a file it already has', async () => {
    const path = fast();
    const { devices } = await cliJson<{ devices: { model: string }[] }>(dataDir, ['devices', 'list']);
    const models = [...new Set(devices.map(({ model }) => model ?? 'R12'))];
    const said = ['--version', '9.9', ...models.flatMap((model) => ['--model', model]), '--notes', 'keep'];
    const { sha256 } = await cliJson<FirmwareJson>(dataDir, ['firmware', 'add', path, ...said]);
    expect((await runCli(dataDir, ['push', '--firmware', path, '--all', '--json'])).code).toBe(0);
    const get = () => cliJson<FirmwareJson>(dataDir, ['firmware', 'get', sha256]);
    expect(await get()).toMatchObject({ version: '9.9', models, notes: 'keep' });
    await runCli(dataDir, ['push', '--firmware', path, '--version', '10', '--all', '--json']);
    expect(await get()).toMatchObject({ version: '10', models, notes: 'keep' });
    const copy = fileWith('copy-7.bin', readFileSync(path));
    await cliJson(dataDir, ['firmware', 'add', copy, '--version', '11']);
    expect(await get()).toMatchObject({ fileName: 'fast-1.2.3.bin', version: '11', models, notes: 'keep' });
  });

  it('of a file that is gone from the library is refused before it starts, and the original mends it', async () => {
    const path = fileWith('lost-1.0.bin', 'lost');
    const { sha256 } = await cliJson<FirmwareJson>(dataDir, ['firmware', 'add', path, '--version', '1.0']);
    rmSync(join(dataDir, 'firmware', sha256.slice(0, 2), sha256));
    const before = await cliJson(dataDir, ['updates', 'list']);
    const refused = await runCli(dataDir, ['push', '--firmware', sha256, '--all', '--json']);
    expect([refused.code, JSON.parse(refused.stdout).error.code]).toEqual([4, 'FIRMWARE_NOT_FOUND']);
    expect(await cliJson(dataDir, ['updates', 'list'])).toEqual(before);
    expect((await runCli(dataDir, ['push', '--firmware', path, '--all', '--json'])).code).toBe(0);
    expect((await runCli(dataDir, ['push', '--firmware', sha256, '--all', '--json'])).code).toBe(0);
  });

  it('goes on to its end when its reader leaves', async () => {
    const { child, ended, updateId } = await startPush(slow(), ids[0] ?? '');
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(await cliJson(dataDir, ['updates', 'show', updateId])).toMatchObject({ update: { state: 'completed' } });
  });

  it('of another terminal is carried to its end by the one that holds the folder', async () => {
    const holder = await startPush(slow(), ids[0] ?? '');
    await delay(500);
    const guest = await startPush(slow(), ids[1] ?? '');
    const [held, carried] = await Promise.all([holder.ended, guest.ended]);
    expect([held.code, carried.code]).toEqual([0, 0]);
    expect(lastLine(carried.stdout)).toMatchObject({ type: 'summary', state: 'completed', succeeded: 1 });
  });

  it('can be watched and cancelled from other terminals, which both hear its end', async () => {
    const { updateId, ended } = await startPush(slow(), ids[0] ?? '');
    const watching = spawnCli(dataDir, ['updates', 'watch', updateId, '--json']);
    await watching.lines.next();
    expect(await cliJson(dataDir, ['updates', 'cancel', updateId])).toMatchObject({ state: 'cancelled' });
    const watched = await watching.ended;
    expect([(await ended).code, watched.code]).toEqual([3, 3]);
    expect(lastLine(watched.stdout)).toMatchObject({ type: 'summary', state: 'cancelled', cancelled: 1 });
  });
});
