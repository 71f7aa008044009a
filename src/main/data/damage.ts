import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';
import { shellQuote } from '../../shared/shell-quote.ts';
import { automaticBackups } from './automatic-backup.ts';
import { makeNewDirectory, syncDirectory } from './durable.ts';
import { fileTime, sidecars } from './layout.ts';
import { isDamage } from './storage-failure.ts';

const markerOf = (file: string) => `${file}-suspect`;

/** Leaves a note that a running session met damage in a database, so that the next one checks it before it opens it. */
export function noteDamage(file: string, reason: string): void {
  try {
    writeFileSync(markerOf(file), `${reason}\n`, { mode: 0o600 });
  } catch {
    // A disk that takes no note is what the session already reports.
  }
}

export function isSuspect(file: string): boolean {
  return existsSync(markerOf(file));
}

export function forgetDamage(file: string): void {
  rmSync(markerOf(file), { force: true });
}

/**
 * Reads the whole database and says what is wrong with it; `undefined` when nothing is. That takes a second for some
 * 100 MB, so it is for a suspicion only; `quick_check` leaves out whether indexes agree with their tables.
 */
export function findDamage(
  file: string,
  check: 'integrity_check' | 'quick_check' = 'integrity_check',
): string | undefined {
  if (isHeadless(file)) return 'its file is empty or gone, and only its write-ahead log is left';
  if (!existsSync(file)) return undefined;
  try {
    const database = new Sqlite(file, { readonly: true });
    try {
      const found = database.pragma(`${check}(1)`, { simple: true }) as string;
      return found === 'ok' ? undefined : found;
    } finally {
      database.close();
    }
  } catch (thrown) {
    if (isDamage(thrown)) return thrown.message;
    throw thrown;
  }
}

/** Whether the write-ahead log is there without its database: SQLite would delete it, and with it what it holds. */
export function isHeadless(file: string): boolean {
  return sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0;
}

/**
 * Moves a damaged database, with all that belongs to it, into a folder of its own.
 * @returns the failure to throw, which says where it is and how to go on
 */
export function setDamagedAside(file: string, reason: string, backupDir: string, nowMs: number): PushrodError {
  const folder = makeNewDirectory(join(dirname(file), 'damaged'), `${basename(file, '.db')}-${fileTime(nowMs)}`);
  // The database first: were it left without its log, it would open without what the log holds.
  for (const path of [file, ...sidecars.map((suffix) => file + suffix), markerOf(file)]) {
    if (existsSync(path)) renameSync(path, join(folder, basename(path)));
  }
  syncDirectory(folder);
  syncDirectory(dirname(file));
  const [backup] = automaticBackups(backupDir, basename(file));
  const next = backup
    ? ` Its newest automatic backup comes back with: pushrod --data ${quote(dirname(file))} restore ${quote(backup.file)} --yes`
    : '';
  return new PushrodError(
    'DATABASE_DAMAGED',
    `The database ${file} is damaged (${reason}). It was set aside in ${folder}.${next}`,
  );
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** For the shell of this laptop, where the path needs it. */
function quote(path: string): string {
  if (/^[\w./-]+$/.test(path)) return path;
  return process.platform === 'win32' ? `"${path}"` : shellQuote(path);
}
