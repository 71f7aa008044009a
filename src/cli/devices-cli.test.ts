import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliJson, has, runCli, setProfile, spawnCli, temporaryDir, withPostgres } from '../../test/harness/index.ts';
import type { Device, DevicePage } from '../shared/model/index.ts';

const dir = temporaryDir();
let folders = 0;
const freshDataDir = () => join(dir, `data-${++folders}`);
const fileWith = (name: string, content: string) => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
const list = `name,address,location,firmware_version,tag:rack
gw-9,192.0.2.9,Hall 1,1.9,4
gw-10,192.0.2.10,Hall 1,1.10,4
cam,192.0.2.11,Zürich,v2,5
`;

describe('devices in the terminal', () => {
  const dataDir = freshDataDir();
  const bench = () => fileWith('bench.csv', list);
  const names = async (...flags: string[]) =>
    (await cliJson<DevicePage>(dataDir, ['devices', 'list', ...flags])).devices.map(({ name }) => name);

  it('are imported all at once, and the same list again changes nothing unless told', async () => {
    expect(await cliJson(dataDir, ['devices', 'import', bench(), '--dry-run'])).toEqual({
      added: 3,
      updated: 0,
      skipped: 0,
    });
    expect(await names()).toEqual([]);
    expect(await cliJson(dataDir, ['devices', 'import', bench()])).toEqual({ added: 3, updated: 0, skipped: 0 });
    const again = await runCli(dataDir, ['devices', 'import', bench(), '--json']);
    expect(again.code).toBe(2);
    expect(JSON.parse(again.stdout).error.details).toHaveLength(3);
    const skipping = ['devices', 'import', bench(), '--on-conflict', 'skip'];
    expect(await cliJson(dataDir, skipping)).toEqual({ added: 0, updated: 0, skipped: 3 });
  });

  it('are found by the meaning of their version, by tag and by text', async () => {
    expect(await names('--firmware-min', '1.10')).toEqual(['cam', 'gw-10']);
    expect(await names('--firmware-min', '1.9', '--firmware-max', '1.10')).toEqual(['gw-9', 'gw-10']);
    expect(await names('--tag', 'rack=4', '--search', 'GW 192.0.2.1')).toEqual(['gw-10']);
    expect(await names('--search', 'zurich')).toEqual(['cam']);
  });

  it('come page by page, by cursor', async () => {
    const first = await cliJson<DevicePage>(dataDir, ['devices', 'list', '--limit', '2', '--sort', 'name:desc']);
    expect(first.devices.map(({ name }) => name)).toEqual(['gw-10', 'gw-9']);
    expect(await names('--limit', '2', '--sort', 'name:desc', '--after', first.nextCursor ?? '')).toEqual(['cam']);
    const other = await runCli(dataDir, ['devices', 'list', '--after', first.nextCursor ?? '', '--json']);
    expect(other.code).toBe(2);
    expect(JSON.parse(other.stdout).error.details[0].field).toBe('after');
  });

  it('are counted by value', async () => {
    expect(await cliJson(dataDir, ['devices', 'facets', '--location', 'Hall 1'])).toMatchObject({
      total: 2,
      status: { values: [{ value: 'unknown', count: 2 }], distinct: 1 },
    });
  });

  it('keep their other metadata when a tag is set', async () => {
    const add = ['devices', 'add', '--id', 'tagged', '--name', 'tagged', '--address', '192.0.2.99'];
    await cliJson(dataDir, [...add, '--tag', 'a=1', '--tag', 'b=2']);
    const update = ['devices', 'update', 'tagged'];
    await cliJson(dataDir, [...update, '--tag', 'c=3', '--tag', 'a=9']);
    const metadata = async () => (await cliJson<Device>(dataDir, ['devices', 'get', 'tagged'])).metadata;
    expect(await metadata()).toEqual({ a: '9', b: '2', c: '3' });
    await cliJson(dataDir, [...update, '--metadata', '{"d":4}', '--tag', 'e=5']);
    expect(await metadata()).toEqual({ d: 4, e: '5' });
    await cliJson(dataDir, ['devices', 'remove', 'tagged']);
  });

  it('get and lose tags by selection', async () => {
    const add = ['devices', 'add', '--id', 'tagged', '--name', 'tagged', '--address', '192.0.2.99', '--tag', 'old=1'];
    await cliJson(dataDir, add);
    const edit = ['devices', 'edit', '--tag', 'old=1', '--yes', '--set', 'tag:rack=4=5', '--unset', 'tag:old'];
    expect(await cliJson(dataDir, edit)).toEqual({ changed: 1 });
    expect((await cliJson<Device>(dataDir, ['devices', 'get', 'tagged'])).metadata).toEqual({ rack: '4=5' });
    expect((await runCli(dataDir, ['devices', 'edit', '--device', 'tagged', '--set', 'tag:rack'])).code).toBe(2);
    await cliJson(dataDir, ['devices', 'remove', 'tagged']);
  });

  it('are imported by the columns that are named', async () => {
    const list = fileWith('foreign.csv', 'plc-77;ask Ada;192.0.2.77\n');
    const how = ['--columns', 'name,,address', '--no-headings'];
    expect(await cliJson(dataDir, ['devices', 'import', list, ...how])).toEqual({ added: 1, updated: 0, skipped: 0 });
    expect(await names('--search', '192.0.2.77')).toEqual(['plc-77']);
    await cliJson(dataDir, ['devices', 'remove', '--search', 'plc-77', '--yes']);
  });

  it('are changed and removed by selection, and brought back', async () => {
    const change = ['devices', 'edit', '--location', 'Hall 1', '--set', 'model=R1', '--unset', 'firmware-version'];
    expect((await runCli(dataDir, change)).code).toBe(2);
    expect(await cliJson(dataDir, [...change, '--yes'])).toEqual({ changed: 2 });
    expect(await names('--model', 'R1')).toEqual(['gw-9', 'gw-10']);
    const removed = await cliJson<{ removed: number; removalId: string }>(dataDir, [
      ...['devices', 'remove', '--model', 'R1', '--yes'],
    ]);
    expect(removed.removed).toBe(2);
    expect(await names()).toEqual(['cam']);
    expect(await cliJson(dataDir, ['devices', 'restore', removed.removalId])).toEqual({ restored: 2 });
    expect(await names('--model', 'R1')).toEqual(['gw-9', 'gw-10']);
    expect((await runCli(dataDir, ['devices', 'restore', removed.removalId])).code).toBe(2);
  });

  it('are exported, and come back from the export as they were', async () => {
    const other = freshDataDir();
    for (const name of ['out.csv', 'out.json']) {
      const file = join(dir, name);
      expect(await cliJson(dataDir, ['devices', 'export', file])).toMatchObject({ file });
      expect(existsSync(`${file}.partial`)).toBe(false);
      await cliJson(other, ['devices', 'remove', '--all', '--yes']);
      expect(await cliJson(other, ['devices', 'import', file])).toMatchObject({ added: 3 });
      const kept = async (folder: string) =>
        (await cliJson<DevicePage>(folder, ['devices', 'list'])).devices.map(
          ({ createdAt: _, updatedAt: __, ...device }: Device) => device,
        );
      expect(await kept(other)).toEqual(await kept(dataDir));
    }
    const { stdout } = await runCli(dataDir, ['devices', 'export', '-', '--location', 'Zürich']);
    expect(stdout.split('\n')).toHaveLength(3);
    const nowhere = await runCli(dataDir, ['devices', 'export', join(dir, 'no', 'folder.csv'), '--json']);
    expect(nowhere.code).toBe(2);
  });

  it('may be told by an ssh config, an Ansible inventory or JSON, found out by the name', async () => {
    const other = freshDataDir();
    const files = [
      fileWith('config', 'Host plc\n  HostName 192.0.2.20\n  Port 2222\n'),
      fileWith('hosts.ini', '[cams]\ncam[1:2] ansible_port=22\n'),
      fileWith('more.json', '[{"name":"j","address":"192.0.2.30"}]'),
    ];
    for (const file of files) await cliJson(other, ['devices', 'import', file]);
    const { devices } = await cliJson<DevicePage>(other, ['devices', 'list']);
    expect(devices.map(({ name, address }) => `${name} ${address}`)).toEqual([
      'cam1 cam1:22',
      'cam2 cam2:22',
      'j 192.0.2.30',
      'plc 192.0.2.20:2222',
    ]);
  });

  it('are not added a second time with the same name and address', async () => {
    const { code, stdout } = await runCli(dataDir, [
      'devices',
      'add',
      '--name',
      'cam',
      '--address',
      '192.0.2.11',
      '--json',
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('"cam" at 192.0.2.11'),
    });
  });

  it('keep the profile they use from being removed', async () => {
    await setProfile(dataDir, 'mine', {});
    await cliJson(dataDir, ['devices', 'edit', '--search', 'cam', '--set', 'profile=mine', '--yes']);
    const { code, stdout } = await runCli(dataDir, ['profiles', 'remove', 'mine', '--json']);
    expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'CONFLICT']);
  });
});

it('an import that is interrupted changes nothing', async () => {
  const dataDir = freshDataDir();
  const fifo = join(dir, 'list.csv');
  execFileSync('mkfifo', [fifo]);
  const { child, ended } = spawnCli(dataDir, ['devices', 'import', fifo]);
  // Whoever writes to a FIFO waits for its reader, so when this is written the import is under way.
  const writing = createWriteStream(fifo);
  const rows = Array.from({ length: 30_000 }, (_, index) => `d${index},192.0.2.1`).join('\n');
  await new Promise((resolve) => writing.write(`name,address\n${rows}\n`, resolve));
  child.kill('SIGINT');
  writing.on('error', () => undefined);
  writing.end();
  await once(writing, 'close');
  expect(await ended).toMatchObject({ code: 130, stdout: '' });
  expect(await cliJson(dataDir, ['devices', 'list'])).toMatchObject({ total: 0 });
});

describe.skipIf(!has('postgres'))('a shared registry', () => {
  it('is used by two benches at once, and remembered when chosen', () =>
    withPostgres(async (postgres) => {
      const url = await postgres.createDatabase();
      const [one, two] = [freshDataDir(), freshDataDir()];
      await cliJson(one, ['registry', 'use', url]);
      await cliJson(one, ['devices', 'import', fileWith('shared.csv', list)]);
      expect(await cliJson(two, ['--registry', url, 'devices', 'list'])).toMatchObject({ total: 3 });
      expect(await cliJson(two, ['devices', 'list'])).toMatchObject({ total: 0 });
      const shown = await cliJson<{ place: string }>(one, ['registry', 'show']);
      expect(shown).toMatchObject({ kind: 'shared', connected: true });
      const secret = new URL(url).password;
      expect(shown.place).not.toContain(secret);
      expect(readFileSync(join(one, 'pushrod.db'), 'latin1')).not.toContain(secret);
      await cliJson(one, ['registry', 'use', 'local']);
      expect(await cliJson(one, ['devices', 'list'])).toMatchObject({ total: 0 });
    }));

  it('that cannot be reached is refused before it is chosen, and told by its exit code', async () => {
    const dataDir = freshDataDir();
    for (const command of [
      ['registry', 'use', 'postgres://bench:hush@127.0.0.1:1/pushrod'],
      ['--registry', 'postgres://bench:hush@127.0.0.1:1/pushrod', 'devices', 'list'],
    ]) {
      const { code, stdout, stderr } = await runCli(dataDir, [...command, '--json']);
      expect([code, JSON.parse(stdout).error.code]).toEqual([5, 'REGISTRY_UNREACHABLE']);
      expect(stdout + stderr).not.toContain('hush');
    }
    expect(await cliJson(dataDir, ['registry', 'show'])).toMatchObject({ kind: 'local' });
    expect((await runCli(dataDir, ['registry', 'use', 'mysql://x', '--json'])).code).toBe(2);
  });
});

it('the choice of a registry is shown and changed while the chosen one cannot be reached', async () => {
  const dataDir = freshDataDir();
  const nowhere = ['--registry', 'postgres://bench:secret@127.0.0.1:1/pushrod'];
  expect((await runCli(dataDir, ['devices', 'list', ...nowhere])).code).toBe(5);
  const shown = await cliJson(dataDir, ['registry', 'show', ...nowhere]);
  expect(shown).toMatchObject({ kind: 'shared', connected: false });
  expect(JSON.stringify(shown)).not.toContain('secret');
  expect(await cliJson(dataDir, ['registry', 'use', 'local', ...nowhere])).toEqual({ used: true });
});
