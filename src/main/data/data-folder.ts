import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PushrodError } from '../../shared/errors.ts';
import { type Database, openDatabase } from './database.ts';
import { lockDataFolder } from './lock.ts';

/** Version of the folder's layout, not of the database's schema. */
const layoutVersion = 1;

/**
 * The open data folder:
 * `version` (layout), `lock.db`, `pushrod.db` (registry, journal, settings), `firmware/` (files by hash),
 * `known_hosts`, `secret.key` (seals credentials), `pushrod.sock` (while a Pushrod runs).
 */
export interface DataFolder {
  database: Database;
  firmwareDir: string;
  knownHostsFile: string;
  secretKeyFile: string;
  close(): void;
}

/**
 * Makes the folder if it is missing, readable by its user only, and holds its lock until `close()`.
 * @throws PushrodError `DATA_FOLDER_IN_USE`, `DATA_FOLDER_TOO_NEW`, or `INVALID_INPUT` when it cannot be used at all
 */
export function openDataFolder(dataDir: string): DataFolder {
  const firmwareDir = join(dataDir, 'firmware');
  try {
    mkdirSync(firmwareDir, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new PushrodError('INVALID_INPUT', `The data folder ${dataDir} cannot be made: ${reason}`, [
      { field: 'data', message: 'name a folder this user can write to' },
    ]);
  }
  refuseNewerLayout(dataDir);
  const lock = lockDataFolder(dataDir);
  try {
    const database = openDatabase(dataDir);
    writeFileSync(join(dataDir, 'version'), `${layoutVersion}\n`);
    return {
      database,
      firmwareDir,
      knownHostsFile: join(dataDir, 'known_hosts'),
      secretKeyFile: join(dataDir, 'secret.key'),
      close() {
        database.close();
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

function refuseNewerLayout(dataDir: string): void {
  const file = join(dataDir, 'version');
  if (!existsSync(file)) return;
  const found = Number(readFileSync(file, 'utf8'));
  if (found <= layoutVersion) return;
  throw new PushrodError(
    'DATA_FOLDER_TOO_NEW',
    `${dataDir} has layout ${found}; this Pushrod knows up to ${layoutVersion}. Nothing was changed.`,
  );
}
