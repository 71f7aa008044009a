import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { cliJson, makeFile, runCli, spawnCli, temporaryDir } from '../../../test/harness/index.ts';

const dir = temporaryDir();
const dataDir = join(dir, 'data');
const backup = join(dir, 'backup');

const add = (name: string) =>
  cliJson(dataDir, ['devices', 'add', '--id', name, '--name', name, '--address', '192.0.2.1']);
const ids = async (folder = dataDir) =>
  (await cliJson<{ devices: { id: string }[] }>(folder, ['devices', 'list'])).devices.map(({ id }) => id).sort();
const errorOf = (stdout: string) => JSON.parse(stdout).error;

beforeAll(async () => {
  await add('before');
  const firmware = join(dir, 'fw.bin');
  writeFileSync(firmware, 'firmware');
  await cliJson(dataDir, ['firmware', 'add', firmware, '--version', '1']);
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', 'root', '--password-stdin'], 'secret');
});

it('backs up while another Pushrod holds the folder, and restores when none does', async () => {
  const server = spawnCli(dataDir, ['serve', '--json']);
  await server.lines.next();
  const made = await cliJson<{ size: number }>(dataDir, ['backup', backup]);
  expect(made).toEqual({
    ...{ path: backup, createdAt: expect.stringMatching(/^\d{4}-.*Z$/), size: expect.any(Number) },
    ...{ files: 3, withFirmware: false, leftOut: ['secret.key', 'firmware'] },
  });
  await add('after');
  expect(await ids()).toEqual(['after', 'before']);

  const refused = await runCli(dataDir, ['restore', backup, '--yes', '--json']);
  expect([refused.code, errorOf(refused.stdout).code]).toEqual([5, 'DATA_FOLDER_IN_USE']);
  server.child.kill('SIGTERM');
  await server.ended;

  const unsure = await runCli(dataDir, ['restore', backup, '--json']);
  expect([unsure.code, errorOf(unsure.stdout).details[0].field]).toEqual([2, 'yes']);
  const restored = await cliJson<{ setAside: string }>(dataDir, ['restore', backup, '--yes']);
  expect(restored).toMatchObject({ from: backup, size: made.size, restored: ['pushrod.db', 'registry.db', 'version'] });
  expect(readdirSync(restored.setAside).sort()).toEqual(['pushrod.db', 'registry.db', 'version']);
  expect(await ids()).toEqual(['before']);
  expect(await cliJson(dataDir, ['credentials', 'list'])).toMatchObject({ credentials: [{ name: 'bench' }] });
});

it('brings devices and firmware to another laptop', async () => {
  const whole = join(dir, 'whole');
  await cliJson(dataDir, ['backup', whole, '--with-firmware']);
  const other = join(dir, 'other');
  expect(await cliJson(other, ['restore', whole])).toMatchObject({ setAside: null });
  expect(await ids(other)).toEqual(await ids());
  const { firmware } = await cliJson<{ firmware: { sha256: string }[] }>(other, ['firmware', 'list']);
  const [sha256 = ''] = firmware.map((one) => one.sha256);
  expect(readFileSync(join(other, 'firmware', sha256.slice(0, 2), sha256), 'utf8')).toBe('firmware');
});

it('tells people what is left out, and where what was there is', async () => {
  const made = await runCli(dataDir, ['backup', join(dir, 'said')]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).toMatch(/^Backed up to .*\nLeft out: secret\.key\. .*same key.*\nLeft out: .*--with-firmware/);
  const restored = await runCli(dataDir, ['restore', join(dir, 'said'), '--yes']);
  expect(restored.stdout).toMatch(
    /^Restored pushrod\.db, registry\.db, version as of .*\nWhat was there before is in /,
  );
});

it.each<[string, string[], number, string]>([
  ['a backup to a folder that exists', ['backup', dir], 2, 'CONFLICT'],
  ['a restore of what is no backup', ['restore', dir, '--yes'], 2, 'INVALID_INPUT'],
  ['a restore of nothing', ['restore', join(dir, 'nope'), '--yes'], 2, 'INVALID_INPUT'],
  ['a backup without its folder', ['backup'], 2, 'INVALID_INPUT'],
])('refuses %s', async (_, args, exitCode, errorCode) => {
  const { code, stdout } = await runCli(dataDir, [...args, '--json']);
  expect([code, errorOf(stdout).code]).toEqual([exitCode, errorCode]);
});

it('refuses a backup of a newer Pushrod with exit code 5', async () => {
  const newer = join(dir, 'newer');
  mkdirSync(newer);
  writeFileSync(join(newer, 'manifest.json'), '{"format":2}');
  const { code, stdout } = await runCli(dataDir, ['restore', newer, '--yes', '--json']);
  expect([code, errorOf(stdout).code]).toEqual([5, 'DATA_FOLDER_TOO_NEW']);
});

it('says where a damaged registry is, and is back with the restored one', async () => {
  const good = join(dir, 'good');
  await cliJson(dataDir, ['backup', good]);
  writeFileSync(join(dataDir, 'registry.db'), 'no database');
  const { code, stdout } = await runCli(dataDir, ['devices', 'list', '--json']);
  expect([code, errorOf(stdout).code]).toEqual([5, 'DATABASE_DAMAGED']);
  const [aside = ''] = readdirSync(join(dataDir, 'damaged'));
  expect(errorOf(stdout).message).toContain(join(dataDir, 'damaged', aside));
  await cliJson(dataDir, ['restore', good, '--yes']);
  expect(await ids()).toEqual(['before']);
});

it('leaves nothing when it is interrupted', async () => {
  const target = join(dir, 'interrupted');
  const shelf = join(dataDir, 'firmware', 'aa');
  mkdirSync(shelf);
  makeFile(join(shelf, 'a'.repeat(64)), 128 * 1024 * 1024);
  const { child, ended } = spawnCli(dataDir, ['backup', target, '--with-firmware']);
  while (!existsSync(`${target}.partial`) && child.exitCode === null) await new Promise(setImmediate);
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect(existsSync(`${target}.partial`)).toBe(false);
  // It may have been done before it heard of that.
  expect([existsSync(target), stderr]).toEqual(
    code === 130 ? [false, expect.stringContaining('cancelled')] : [true, ''],
  );
});
