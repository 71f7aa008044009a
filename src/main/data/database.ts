import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';
import { migrations } from './migrations.ts';

export type Database = Sqlite.Database;

/**
 * Opens `pushrod.db` and brings its schema up to date. WAL with `synchronous = FULL`: a commit is on the disk when it
 * returns (sqlite.org/pragma.html#pragma_synchronous), which is what the journal promises.
 * @throws PushrodError `DATA_FOLDER_TOO_NEW`
 */
export function openDatabase(dataDir: string): Database {
  const database = new Sqlite(join(dataDir, 'pushrod.db'));
  try {
    const found = schemaVersion(database);
    if (found > migrations.length) {
      throw new PushrodError(
        'DATA_FOLDER_TOO_NEW',
        `${dataDir} has schema ${found}; this Pushrod knows up to ${migrations.length}. Nothing was changed.`,
      );
    }
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    migrate(database, found);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Runs `work` so that all of it is in the database afterwards, or none. */
export function inTransaction<T>(database: Database, work: () => T): T {
  return database.transaction(work).immediate();
}

function schemaVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

function migrate(database: Database, from: number): void {
  for (const [index, sql] of migrations.entries()) {
    if (index < from) continue;
    inTransaction(database, () => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    });
  }
}
