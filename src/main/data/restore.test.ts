import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDir } from '../../../test/harness/index.ts';
import { backUp } from './backup.ts';
import { openDataFolder } from './data-folder.ts';
import { fillWith, openBoth, registryMigrations, wordsOf } from './data-samples.ts';
import { openDatabase } from './database.ts';
import { layoutOf } from './layout.ts';
import { holdsData, type RestoreOptions, restore } from './restore.ts';

const root = temporaryDir();
let folders = 0;
let dataDir: string;
let from: string;

const sample = { dataDir: join(root, 'data'), from: join(root, 'backup') };

beforeAll(async () => {
  fillWith(sample.dataDir, 'old');
  await backUp({ dataDir: sample.dataDir, to: sample.from, withFirmware: true, clock: { now: () => 0 } });
  rmSync(layoutOf(sample.dataDir).firmwareDir, { recursive: true });
  fillWith(sample.dataDir, 'new');
});

/** A folder that says `new`, and a backup of when it said `old`. */
beforeEach(() => {
  dataDir = join(root, `data-${++folders}`);
  from = join(root, `backup-${folders}`);
  cpSync(sample.dataDir, dataDir, { recursive: true });
  cpSync(sample.from, from, { recursive: true });
});

const bringBack = (options: Partial<RestoreOptions> = {}) =>
  restore({ dataDir, from, registrySchema: registryMigrations.length, ...options });
const code = (expected: string) => expect.objectContaining({ code: expected });
const editManifest = (change: (manifest: ReturnType<typeof JSON.parse>) => void) => {
  const file = join(from, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
};
const changeDatabase = (file: string, sql: string) => {
  const database = new Sqlite(file);
  database.exec(sql);
  database.close();
};
/** Makes the manifest say what a file of the backup holds now. */
const signAgain = (path: string) =>
  editManifest((manifest) => {
    const bytes = readFileSync(join(from, path));
    const entry = manifest.files.find((file: { path: string }) => file.path === path);
    entry.sizeBytes = bytes.length;
    entry.sha256 = createHash('sha256').update(bytes).digest('hex');
  });

it('brings all of it back, and sets aside all that was there', async () => {
  writeFileSync(layoutOf(dataDir).secretKeyFile, 'key');
  const restored = await bringBack({ clock: { now: () => 0 } });
  expect(wordsOf(dataDir)).toEqual(['old']);
  const setAside = join(dataDir, 'backups', 'before-restore-1970-01-01T000000.000Z');
  expect(restored).toMatchObject({ from, createdAt: '1970-01-01T00:00:00.000Z', setAside });
  expect(restored.restored.sort()).toEqual([
    ...['firmware', 'known_certificates', 'known_hosts', 'pushrod.db', 'registry.db', 'version'],
  ]);
  expect(wordsOf(setAside)).toEqual(['new']);
  expect(readFileSync(layoutOf(dataDir).secretKeyFile, 'utf8')).toBe('key');
  expect(readdirSync(dataDir).filter((name) => name.startsWith('restore'))).toEqual([]);
});

it('leaves the backup as it is, so that it can be brought back again', async () => {
  for (const word of ['one', 'two']) {
    await bringBack();
    expect(wordsOf(dataDir)).toEqual(['old']);
    rmSync(layoutOf(dataDir).firmwareDir, { recursive: true });
    fillWith(dataDir, word);
  }
});

it('brings a backup to a laptop that has none', async () => {
  dataDir = join(root, `other-${folders}`);
  expect(holdsData(dataDir)).toBe(false);
  const { setAside } = await bringBack();
  expect(wordsOf(dataDir)).toEqual(['old']);
  expect(setAside).toBeNull();
  expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
});

it('leaves the firmware library when the backup has none', async () => {
  const without = `${from}-without`;
  await backUp({ dataDir, to: without });
  fillWith(dataDir, 'newer');
  await bringBack({ from: without });
  expect(wordsOf(dataDir).sort()).toEqual(['new', 'newer']);
});

it('sets aside what the backup does not have, with the log of a killed session and its note of damage', async () => {
  const { registryFile, knownHostsFile } = layoutOf(dataDir);
  for (const path of ['registry.db', 'known_hosts']) rmSync(join(from, path));
  editManifest((manifest) => {
    manifest.files = manifest.files.filter((file: { path: string }) => !/registry|known/.test(file.path));
    manifest.schemas = { 'pushrod.db': 1 };
  });
  writeFileSync(`${registryFile}-wal`, 'log');
  writeFileSync(`${registryFile}-suspect`, 'note');
  const { setAside } = await bringBack();
  expect([registryFile, `${registryFile}-wal`, knownHostsFile].filter((file) => existsSync(file))).toEqual([]);
  expect(readdirSync(setAside ?? '')).toEqual(
    expect.arrayContaining(['registry.db', 'registry.db-wal', 'registry.db-suspect', 'known_hosts', 'pushrod.db']),
  );
});

it('tells its progress up to the end', async () => {
  const told: number[] = [];
  const { sizeBytes } = await bringBack({ onProgress: ({ bytesDone }) => told.push(bytesDone) });
  expect(told.at(-1)).toBe(sizeBytes);
});

it('brings back one database from before a migration', async () => {
  const { folder, close } = openBoth(dataDir);
  close();
  const { registryFile: file, backupDir } = folder;
  const later = [
    ...registryMigrations,
    'ALTER TABLE devices ADD COLUMN model TEXT',
    "UPDATE devices SET name = 'later'",
  ];
  openDatabase({ file, migrations: later, backupDir }).close();
  const [backup = ''] = readdirSync(backupDir);
  const restored = await bringBack({ from: join(backupDir, backup) });
  expect(restored.restored).toEqual(['registry.db']);
  expect(restored.createdAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  expect(backup).toContain(restored.createdAt.replaceAll(':', ''));
  expect(wordsOf(dataDir)).toEqual(['new']);
});

describe('refuses, and changes nothing:', () => {
  it.each<[string, string, () => void]>([
    ['a folder that does not exist', 'INVALID_INPUT', () => rmSync(from, { recursive: true })],
    ['a folder that is no backup', 'INVALID_INPUT', () => rmSync(join(from, 'manifest.json'))],
    ['a manifest that is not JSON', 'INVALID_INPUT', () => writeFileSync(join(from, 'manifest.json'), '{')],
    [
      'a manifest of another program',
      'INVALID_INPUT',
      () => writeFileSync(join(from, 'manifest.json'), '{"name":"x"}'),
    ],
    [
      'a backup of a newer form',
      'DATA_FOLDER_TOO_NEW',
      () => editManifest((manifest) => Object.assign(manifest, { format: 2 })),
    ],
    ['a newer layout', 'DATA_FOLDER_TOO_NEW', () => editManifest((manifest) => Object.assign(manifest, { layout: 2 }))],
    [
      'a newer schema',
      'DATA_FOLDER_TOO_NEW',
      () => editManifest((manifest) => Object.assign(manifest.schemas, { 'registry.db': 2 })),
    ],
    [
      'a newer schema that its manifest is silent about',
      'DATA_FOLDER_TOO_NEW',
      () => {
        changeDatabase(join(from, 'registry.db'), 'PRAGMA user_version = 2');
        signAgain('registry.db');
      },
    ],
    [
      'a database of another program',
      'INVALID_INPUT',
      () => {
        changeDatabase(join(from, 'registry.db'), 'PRAGMA application_id = 1');
        signAgain('registry.db');
      },
    ],
    ['a missing file', 'INVALID_INPUT', () => rmSync(join(from, 'known_hosts'))],
    ['a shorter file', 'INVALID_INPUT', () => writeFileSync(join(from, 'known_hosts'), '')],
    ['a changed byte', 'INVALID_INPUT', () => writeFileSync(join(from, 'known_hosts'), 'odd')],
    [
      'a path that leads out of the folder',
      'INVALID_INPUT',
      () => editManifest((manifest) => Object.assign(manifest.files[0], { path: '../pushrod.db' })),
    ],
    [
      'a file that is none of a backup',
      'INVALID_INPUT',
      () => editManifest((manifest) => Object.assign(manifest.files[0], { path: 'secret.key' })),
    ],
  ])('%s', async (_, expected, spoil) => {
    spoil();
    const before = readdirSync(dataDir, { recursive: true }).sort();
    await expect(bringBack()).rejects.toThrowError(code(expected));
    expect(readdirSync(dataDir, { recursive: true }).sort()).toEqual(before);
    expect(wordsOf(dataDir)).toEqual(['new']);
  });

  it('anything while a Pushrod uses the folder', async () => {
    const folder = openDataFolder(dataDir);
    await expect(bringBack()).rejects.toThrowError(code('DATA_FOLDER_IN_USE'));
    folder.close();
    expect(wordsOf(dataDir)).toEqual(['new']);
  });

  it.each([
    ['registry-v1-2026-07-30T101112.345Z.db', 'damaged', 'INVALID_INPUT'],
    ['registry-v2-2026-07-30T101112.345Z.db', 'of a newer schema', 'DATA_FOLDER_TOO_NEW'],
    ['other-v1-2026-07-30T101112.345Z.db', 'of no database here', 'INVALID_INPUT'],
    ['registry.db', 'without its time', 'INVALID_INPUT'],
  ])('a single database %s that is %s', async (name, state, expected) => {
    const file = join(root, name);
    cpSync(join(from, 'registry.db'), file);
    if (state === 'damaged') writeFileSync(file, readFileSync(file).fill(0xa5, 4096));
    await expect(bringBack({ from: file })).rejects.toThrowError(code(expected));
    expect(wordsOf(dataDir)).toEqual(['new']);
  });

  it('to go on when it is cancelled', async () => {
    const cancel = new AbortController();
    const restoring = bringBack({ signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(restoring).rejects.toThrowError(code('CANCELLED'));
    expect(wordsOf(dataDir)).toEqual(['new']);
  });
});

it('that another version began is not guessed at', () => {
  writeFileSync(layoutOf(dataDir).restoreJournal, '{"format":2}');
  expect(() => openDataFolder(dataDir)).toThrowError(code('DATA_FOLDER_TOO_NEW'));
});
