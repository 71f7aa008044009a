import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { makeDirectory, syncDirectory, syncFile } from './durable.ts';
import { fileTime } from './layout.ts';

/** Older ones are removed. */
const backupsKept = 5;

const partialSuffix = '.partial';
const backupName = /^(.+)-v(\d+)-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2}\.\d{3}Z)\.db$/;

/** A copy of one database that was made by itself, before a migration. */
export interface AutomaticBackup {
  file: string;
  /** The database it is of, such as `registry.db`. */
  database: string;
  schema: number;
  createdAt: string;
}

/**
 * Copies the database to `<name>-v<schema>-<time>.db`; the copy is on the disk when this returns. Its name only ever
 * stands for a whole one.
 */
export function backUpAutomatically(database: Database, schema: number, backupDir: string, nowMs: number): string {
  makeDirectory(backupDir);
  const name = basename(database.name, '.db');
  const partial = join(backupDir, `${name}${partialSuffix}`);
  // Left by a migration that was cut off; VACUUM INTO writes into no existing file.
  removePartial(partial);
  const file = join(backupDir, `${name}-v${schema}-${fileTime(nowMs)}.db`);
  try {
    database.prepare('VACUUM INTO ?').run(partial);
    syncFile(partial);
    renameSync(partial, file);
    syncDirectory(backupDir);
  } catch (thrown) {
    removePartial(partial);
    throw thrown;
  }
  for (const old of automaticBackups(backupDir, `${name}.db`).slice(backupsKept)) rmSync(old.file);
  return file;
}

/** The automatic backups of one database, newest first. */
export function automaticBackups(backupDir: string, database: string): AutomaticBackup[] {
  return namesIn(backupDir)
    .flatMap((name) => {
      const described = describeBackup(name);
      return described?.database === database ? [{ file: join(backupDir, name), ...described }] : [];
    })
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** What the name of an automatic backup says; `undefined` for other names. */
export function describeBackup(name: string): Omit<AutomaticBackup, 'file'> | undefined {
  const [, database = '', schema, day, hours, minutes, seconds] = backupName.exec(name) ?? [];
  if (!database) return undefined;
  return { database: `${database}.db`, schema: Number(schema), createdAt: `${day}T${hours}:${minutes}:${seconds}` };
}

function removePartial(partial: string): void {
  for (const path of [partial, `${partial}-journal`]) rmSync(path, { force: true });
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw thrown;
  }
}
