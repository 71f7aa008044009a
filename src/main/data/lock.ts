import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';
import { storageFailure } from './storage-failure.ts';

/**
 * Holds the data folder for this process. The lock is SQLite's own file lock on an empty database: the operating
 * system gives it back however the process ends, so there is no stale lock file to judge.
 * @throws PushrodError `DATA_FOLDER_IN_USE`, `STORAGE_FAILED`
 */
export function lockDataFolder(dataDir: string): { release(): void } {
  const lock = openLock(dataDir);
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if (thrown instanceof Sqlite.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) {
      throw new PushrodError('DATA_FOLDER_IN_USE', `Another Pushrod uses the data folder ${dataDir}.`, [], {
        cause: thrown,
      });
    }
    throw storageFailure(thrown, dataDir);
  }
  return { release: () => lock.close() };
}

function openLock(dataDir: string): Sqlite.Database {
  try {
    return new Sqlite(join(dataDir, 'lock.db'), { timeout: 0 });
  } catch (thrown) {
    throw storageFailure(thrown, dataDir);
  }
}
