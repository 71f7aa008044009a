import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from './data-folder.ts';

function emptyFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-data-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

it('is held by one at a time and given back on close', () => {
  const dataDir = join(emptyFolder(), 'new', 'folder');
  const folder = openDataFolder(dataDir);
  expect(() => openDataFolder(dataDir)).toThrowError(expect.objectContaining({ code: 'DATA_FOLDER_IN_USE' }));
  folder.close();
  openDataFolder(dataDir).close();
});

it('is readable by its user only', () => {
  const dataDir = join(emptyFolder(), 'private');
  openDataFolder(dataDir).close();
  expect(statSync(dataDir).mode & 0o077).toBe(0);
});

it('refuses the layout of a newer Pushrod and leaves it alone', () => {
  const dataDir = emptyFolder();
  writeFileSync(join(dataDir, 'version'), '99\n');
  expect(() => openDataFolder(dataDir)).toThrowError(expect.objectContaining({ code: 'DATA_FOLDER_TOO_NEW' }));
  expect(readFileSync(join(dataDir, 'version'), 'utf8')).toBe('99\n');
});

it('refuses the schema of a newer Pushrod, and can be opened by that one afterwards', () => {
  const dataDir = emptyFolder();
  openDataFolder(dataDir).close();
  const database = new Sqlite(join(dataDir, 'pushrod.db'));
  database.pragma('user_version = 99');
  database.close();
  for (const _ of [1, 2]) {
    expect(() => openDataFolder(dataDir)).toThrowError(expect.objectContaining({ code: 'DATA_FOLDER_TOO_NEW' }));
  }
});

it('says so when the folder cannot be made', () => {
  const file = join(emptyFolder(), 'file');
  writeFileSync(file, '');
  expect(() => openDataFolder(join(file, 'data'))).toThrowError(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

it('commits durably in WAL mode', () => {
  const folder = openDataFolder(emptyFolder());
  expect(folder.database.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(folder.database.pragma('synchronous', { simple: true })).toBe(2);
  folder.close();
});

it('with a damaged database is given back, and begins empty the next time', () => {
  const dataDir = emptyFolder();
  writeFileSync(join(dataDir, 'pushrod.db'), 'no database');
  expect(() => openDataFolder(dataDir)).toThrowError(expect.objectContaining({ code: 'DATABASE_DAMAGED' }));
  const folder = openDataFolder(dataDir);
  expect(folder.database.prepare('SELECT count(*) FROM updates').pluck().get()).toBe(0);
  folder.close();
});

it('makes nothing before it has completed a restore that was cut off', () => {
  const dataDir = emptyFolder();
  mkdirSync(join(dataDir, 'restore.partial', 'firmware'), { recursive: true });
  writeFileSync(join(dataDir, 'restore.partial', 'firmware', 'a'), 'restored');
  mkdirSync(join(dataDir, 'backups', 'before'), { recursive: true });
  const journal = { format: 1, setAside: 'before', outgoing: ['firmware'], incoming: ['firmware'] };
  writeFileSync(join(dataDir, 'restore.json'), JSON.stringify(journal));
  const folder = openDataFolder(dataDir);
  expect(readdirSync(folder.firmwareDir)).toEqual(['a']);
  expect(readdirSync(join(folder.backupDir, 'before'))).toEqual([]);
  folder.close();
});
