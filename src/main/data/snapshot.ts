import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';
import type { ReadOptions } from './copy-file.ts';
import { findDamage } from './damage.ts';
import { foreign, identify } from './identity.ts';
import { type DatabaseName, databaseNames, layoutOf, mainDatabase } from './layout.ts';

/** A database of a data folder as it was at one moment, however it is written to. */
export interface Snapshot {
  name: DatabaseName;
  schema: number;
  sizeBytes: number;
  /** Writes it to a new file. A damaged one is refused: a backup must be able to come back. */
  copyTo(file: string, options: ReadOptions): Promise<void>;
  close(): void;
}

/** Pages of one step of a copy: 8 MiB of the usual ones. */
const pagesPerStep = 2048;

/**
 * Holds every database of the folder at this moment. Only readers are opened, which SQLite allows beside the Pushrod
 * that writes (sqlite.org/wal.html): it goes on, only its write-ahead logs grow until `close()`.
 * @throws PushrodError `INVALID_INPUT`, or `DATA_FOLDER_IN_USE` while a restore is under way
 */
export function takeSnapshots(dataDir: string): Snapshot[] {
  if (!existsSync(join(dataDir, mainDatabase))) {
    const message = `There is no Pushrod data in ${dataDir}`;
    throw new PushrodError('INVALID_INPUT', `${message}.`, [{ field: 'data', message }]);
  }
  const before = placeOf(dataDir);
  const taken: Snapshot[] = [];
  try {
    for (const name of databaseNames) if (existsSync(join(dataDir, name))) taken.push(takeSnapshot(dataDir, name));
    // A restore exchanges the files, and only it does.
    if (before === undefined || before !== placeOf(dataDir)) {
      throw new PushrodError('DATA_FOLDER_IN_USE', `A restore of ${dataDir} is under way; back up when it is done.`);
    }
    return taken;
  } catch (thrown) {
    for (const snapshot of taken) snapshot.close();
    throw thrown;
  }
}

function takeSnapshot(dataDir: string, name: DatabaseName): Snapshot {
  const file = join(dataDir, name);
  const { ours, empty } = identify(file);
  if (!ours && !empty) throw foreign(file);
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    // What its first read finds is what a transaction sees to its end, and what this connection copies.
    database.exec('BEGIN');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    const number = (pragma: string) => database.pragma(pragma, { simple: true }) as number;
    const pageBytes = number('page_size');
    return {
      ...{ name, schema: number('user_version'), sizeBytes: number('page_count') * pageBytes },
      async copyTo(copy, { signal, onBytes }) {
        let pagesLeft: number | undefined;
        await database.backup(copy, {
          progress({ totalPages, remainingPages }) {
            signal?.throwIfAborted();
            onBytes?.(((pagesLeft ?? totalPages) - remainingPages) * pageBytes);
            pagesLeft = remainingPages;
            return pagesPerStep;
          },
        });
        onBytes?.((pagesLeft ?? 0) * pageBytes);
        unlog(copy);
        const damage = findDamage(copy, 'quick_check');
        if (damage) throw new PushrodError('DATABASE_DAMAGED', `The database ${file} is damaged (${damage}).`);
      },
      close: () => database.close(),
    };
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Takes a copy out of WAL mode, so that it is one file and stays so when it is read. */
function unlog(copy: string): void {
  const database = new Sqlite(copy);
  try {
    database.pragma('journal_mode = DELETE');
  } finally {
    database.close();
  }
}

/** Which files the folder's databases are; `undefined` while a restore is under way. */
function placeOf(dataDir: string): string | undefined {
  const { restoreJournal } = layoutOf(dataDir);
  if (existsSync(restoreJournal)) return undefined;
  return databaseNames.map((name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.ino).join();
}
