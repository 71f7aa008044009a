import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PushrodError } from '../../shared/errors.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Database, openDatabase } from './database.ts';
import { makeDirectory } from './durable.ts';
import { layoutOf, layoutVersion } from './layout.ts';
import { lockDataFolder } from './lock.ts';
import type { OnMigrating } from './migrate.ts';
import { migrations } from './migrations.ts';
import { finishRestore } from './restore-journal.ts';
import { storageFailure } from './storage-failure.ts';

/**
 * The open data folder:
 * - `version` (layout), `lock.db`, `pushrod.sock` (while a Pushrod runs),
 * - `pushrod.db` (journal, settings, profiles, credentials, what is said of firmware), `registry.db` (devices),
 * - `firmware/` (files by hash), `known_hosts`, `known_certificates` (in the same form), `secret.key` (seals credentials),
 * - `backups/` (a database before a migration: `registry-v3-<time>.db`; the folder's files before a restore:
 *   `before-restore-<time>/`), `damaged/` (databases that were set aside: `registry-<time>/`),
 * - `pushrod.db-suspect`, `registry.db-suspect` (to be checked at the next start),
 * - `restore.json`, `restore.partial/` (while a restore is under way).
 */
export interface DataFolder {
  database: Database;
  /** The registry opens it by itself. */
  registryFile: string;
  backupDir: string;
  firmwareDir: string;
  knownHostsFile: string;
  knownCertificatesFile: string;
  secretKeyFile: string;
  close(): void;
}

/**
 * Makes the folder if it is missing, readable by its user only, and holds its lock until `close()`. A restore that was
 * cut off is completed first.
 * @throws PushrodError `DATA_FOLDER_IN_USE`, `DATA_FOLDER_TOO_NEW`, `DATABASE_DAMAGED`, `STORAGE_FAILED`, or
 *   `INVALID_INPUT` when it cannot be used at all
 */
export function openDataFolder(dataDir: string, clock: Clock = systemClock, onMigrating?: OnMigrating): DataFolder {
  const { databaseFile, versionFile, ...layout } = layoutOf(dataDir);
  const { firmwareDir, backupDir } = layout;
  makeDataFolder(dataDir);
  refuseNewerLayout(dataDir);
  const lock = lockDataFolder(dataDir);
  try {
    // First of all: a folder that is made here would take the place of one that is yet to come.
    finishRestore(dataDir);
    makeDirectory(firmwareDir);
    const database = openDatabase({ file: databaseFile, migrations, backupDir, clock, onMigrating });
    try {
      writeFileSync(versionFile, `${layoutVersion}\n`);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    return {
      ...layout,
      database,
      close() {
        database.close();
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw storageFailure(thrown, dataDir);
  }
}

/** @throws PushrodError `INVALID_INPUT` */
export function makeDataFolder(dataDir: string): void {
  try {
    makeDirectory(dataDir);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new PushrodError('INVALID_INPUT', `The data folder ${dataDir} cannot be made: ${reason}`, [
      { field: 'data', message: 'name a folder this user can write to' },
    ]);
  }
}

/** @throws PushrodError `DATA_FOLDER_TOO_NEW` */
export function refuseNewerLayout(dataDir: string): void {
  const { versionFile } = layoutOf(dataDir);
  if (!existsSync(versionFile)) return;
  const found = Number(readFileSync(versionFile, 'utf8'));
  if (found <= layoutVersion) return;
  throw new PushrodError(
    'DATA_FOLDER_TOO_NEW',
    `${dataDir} has layout ${found}; this Pushrod knows up to ${layoutVersion}. Nothing was changed.`,
  );
}
