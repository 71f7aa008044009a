import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { isRoot, mountTmpfs, temporaryDir } from '../../../test/harness/index.ts';
import { backUp } from './backup.ts';
import { openDataFolder } from './data-folder.ts';
import { openDatabase } from './database.ts';
import { migrations } from './migrations.ts';
import type { Progress } from './write-backup.ts';

const root = temporaryDir();
let folders = 0;
let dataDir: string;
let to: string;

const registryMigrations = ['CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT, pad BLOB) STRICT'];
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const firmware = randomBytes(3_000_000);
const firmwarePath = join('firmware', sha256(firmware).slice(0, 2), sha256(firmware));
const code = (expected: string) => expect.objectContaining({ code: expected });

beforeEach(() => {
  dataDir = join(root, `data-${++folders}`);
  to = join(root, 'backups', `${folders}`);
});

/** A data folder with something in each of its parts, open as a running Pushrod has it. */
function openFolder({ devices = 100, padBytes = 100 } = {}) {
  const folder = openDataFolder(dataDir);
  folder.database.exec("INSERT INTO settings VALUES ('name', 'bench 4')");
  const registry = openDatabase({
    file: folder.registryFile,
    migrations: registryMigrations,
    backupDir: folder.backupDir,
  });
  const insert = registry.prepare('INSERT INTO devices (name, pad) VALUES (?, randomblob(?))');
  registry.transaction(() => {
    for (let index = 0; index < devices; index++) insert.run(`device ${index}`, padBytes);
  })();
  writeFileSync(folder.knownHostsFile, '192.0.2.1 ssh-ed25519 AAAA\n');
  writeFileSync(folder.secretKeyFile, 'secret');
  mkdirSync(join(dataDir, firmwarePath, '..'), { recursive: true });
  writeFileSync(join(dataDir, firmwarePath), firmware);
  writeFileSync(join(folder.firmwareDir, '.incoming-1'), 'half a firmware');
  return {
    folder,
    registry,
    close() {
      registry.close();
      folder.close();
    },
  };
}
function read<T>(file: string, sql: string): T {
  const database = new Sqlite(file, { readonly: true });
  try {
    return database.prepare(sql).pluck().get() as T;
  } finally {
    database.close();
  }
}

it('holds all of a folder that is in use, but no key and no half file, and is described by its manifest', async () => {
  const open = openFolder();
  const backup = await backUp({ dataDir, to, withFirmware: true, clock: { now: () => 0 } });
  open.close();
  expect(readdirSync(to).sort()).toEqual([
    'firmware',
    'known_hosts',
    'manifest.json',
    'pushrod.db',
    'registry.db',
    'version',
  ]);
  const manifest = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    ...{ format: 1, createdAt: '1970-01-01T00:00:00.000Z', layout: 1, withFirmware: true },
    schemas: { 'pushrod.db': migrations.length, 'registry.db': 1 },
  });
  for (const { path, sizeBytes, sha256: hash } of manifest.files) {
    const bytes = readFileSync(join(to, path));
    expect([path, sha256(bytes), bytes.length]).toEqual([path, hash, sizeBytes]);
  }
  expect(manifest.files).toHaveLength(5);
  expect(backup).toMatchObject({ ...manifest, path: to, leftOut: ['secret.key'] });
  expect(readFileSync(join(to, firmwarePath)).equals(firmware)).toBe(true);
  expect(read(join(to, 'registry.db'), 'SELECT count(*) FROM devices')).toBe(100);
  expect(read(join(to, 'pushrod.db'), "SELECT value FROM settings WHERE name = 'name'")).toBe('bench 4');
});

it('holds no firmware files unless they are asked for, and says so', async () => {
  openFolder().close();
  const backup = await backUp({ dataDir, to });
  expect(existsSync(join(to, 'firmware'))).toBe(false);
  expect(backup.leftOut).toEqual(['secret.key', 'firmware']);
});

it('of a folder without a registry, known hosts and key is one as well', async () => {
  openDataFolder(dataDir).close();
  const backup = await backUp({ dataDir, to });
  expect(backup.files.map(({ path }) => path)).toEqual(['pushrod.db', 'version']);
  expect(backup.leftOut).toEqual(['firmware']);
});

it('holds what was committed and is only in the write-ahead log', async () => {
  const open = openFolder({ devices: 1 });
  open.registry.pragma('wal_autocheckpoint = 0');
  open.registry.exec("INSERT INTO devices (name) VALUES ('last')");
  await backUp({ dataDir, to });
  expect(read(join(to, 'registry.db'), 'SELECT max(name) FROM devices')).toBe('last');
  open.close();
});

describe('while the registry is written to without pause', () => {
  /** Moves one unit from a row to another in each commit, in both tables, so that a torn copy shows. */
  const writer = `
    const { workerData, parentPort } = require('node:worker_threads');
    const database = new (require(workerData.sqlite))(workerData.file);
    const take = database.prepare('UPDATE accounts SET amount = amount - 1 WHERE id = ?');
    const give = database.prepare('UPDATE accounts SET amount = amount + 1 WHERE id = ?');
    let commits = 0;
    let stopped = false;
    parentPort.once('message', () => { stopped = true; });
    (function write() {
      for (let index = 0; index < 20; index++) {
        database.transaction(() => { take.run(commits % 1000 + 1); give.run((commits * 7) % 1000 + 1); commits++; })();
      }
      if (!stopped) return setImmediate(write);
      database.close();
      parentPort.postMessage(commits);
      parentPort.close();
    })();
    parentPort.postMessage('writing');`;

  it('it is one moment of it', async () => {
    const open = openFolder({ devices: 20_000, padBytes: 2_000 });
    open.registry.exec('CREATE TABLE accounts (id INTEGER PRIMARY KEY, amount INTEGER)');
    open.registry.exec('INSERT INTO accounts (amount) SELECT 1000 FROM devices LIMIT 1000');
    open.registry.pragma('synchronous = OFF');
    const sqlite = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'better-sqlite3');
    const workerData = { file: open.folder.registryFile, sqlite };
    const thread = new Worker(writer, { eval: true, workerData });
    const next = () => new Promise((resolve) => thread.once('message', resolve));
    await next();
    for (const _ of [1, 2, 3]) {
      const target = join(to, `${_}`);
      await backUp({ dataDir, to: target });
      expect(read(join(target, 'registry.db'), 'SELECT sum(amount) FROM accounts')).toBe(1_000_000);
    }
    thread.postMessage('stop');
    expect(await next()).toBeGreaterThan(100);
    open.close();
  });
});

it('tells its progress up to the end', async () => {
  const open = openFolder({ devices: 20_000, padBytes: 4_000 });
  const told: Progress[] = [];
  const backup = await backUp({ dataDir, to, onProgress: (progress) => told.push(progress) });
  open.close();
  expect(told.at(-1)).toEqual({ bytesDone: backup.sizeBytes, bytesTotal: backup.sizeBytes });
  expect(told.map(({ bytesDone }) => bytesDone)).toEqual(told.map(({ bytesDone }) => bytesDone).sort((a, b) => a - b));
  expect(told.length).toBeGreaterThan(2);
});

it.each([0, 1])('that is cancelled after %i tellings of its progress leaves nothing', async (tellings) => {
  const open = openFolder({ devices: 20_000, padBytes: 4_000 });
  const cancel = new AbortController();
  let told = 0;
  const onProgress = () => {
    if (++told >= tellings) cancel.abort();
  };
  if (tellings === 0) cancel.abort();
  await expect(backUp({ dataDir, to, signal: cancel.signal, onProgress })).rejects.toThrowError(code('CANCELLED'));
  expect(existsSync(to)).toBe(false);
  expect(existsSync(`${to}.partial`)).toBe(false);
  open.close();
});

it.runIf(isRoot())('onto a disk without room leaves nothing, and says so', async () => {
  const open = openFolder({ devices: 2_000, padBytes: 4_000 });
  const superuser = { name: 'root', uid: 0, gid: 0, home: '/', password: undefined, remove: () => undefined };
  const disk = join(root, `disk-${folders}`);
  const unmount = mountTmpfs(disk, 4 * 1024 * 1024, superuser);
  try {
    const failing = backUp({ dataDir, to: join(disk, 'backup') });
    await expect(failing).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringContaining('is full'),
    });
    expect(readdirSync(disk)).toEqual([]);
  } finally {
    unmount();
    open.close();
  }
});

describe('is refused, and leaves everything as it is,', () => {
  it('when the target exists', async () => {
    openFolder().close();
    mkdirSync(to, { recursive: true });
    await expect(backUp({ dataDir, to })).rejects.toThrowError(code('CONFLICT'));
    expect(readdirSync(to)).toEqual([]);
  });

  it('when another backup to the same place is running or was cut off', async () => {
    openFolder().close();
    mkdirSync(`${to}.partial`, { recursive: true });
    writeFileSync(join(`${to}.partial`, 'pushrod.db'), 'half');
    await expect(backUp({ dataDir, to })).rejects.toThrowError(code('CONFLICT'));
    expect(readdirSync(`${to}.partial`)).toEqual(['pushrod.db']);
  });

  it('when there is no data', async () => {
    await expect(backUp({ dataDir, to })).rejects.toThrowError(code('INVALID_INPUT'));
    expect(existsSync(dataDir)).toBe(false);
  });

  it('when the layout is newer', async () => {
    openFolder().close();
    writeFileSync(join(dataDir, 'version'), '99\n');
    await expect(backUp({ dataDir, to })).rejects.toThrowError(code('DATA_FOLDER_TOO_NEW'));
  });

  it('when a database is of another program', async () => {
    const open = openFolder();
    open.close();
    const database = new Sqlite(open.folder.registryFile);
    database.pragma('application_id = 1');
    database.close();
    await expect(backUp({ dataDir, to })).rejects.toThrowError(code('INVALID_INPUT'));
  });

  it('while a restore is under way', async () => {
    openFolder().close();
    writeFileSync(join(dataDir, 'restore.json'), '{}');
    await expect(backUp({ dataDir, to })).rejects.toThrowError(code('DATA_FOLDER_IN_USE'));
    expect(existsSync(to)).toBe(false);
  });

  it('when a database is damaged', async () => {
    const open = openFolder({ devices: 1_000 });
    open.close();
    const bytes = readFileSync(open.folder.registryFile);
    writeFileSync(open.folder.registryFile, bytes.fill(0xa5, 8192, 40_000));
    await expect(backUp({ dataDir, to })).rejects.toThrowError(code('DATABASE_DAMAGED'));
    expect(existsSync(`${to}.partial`)).toBe(false);
  });
});
