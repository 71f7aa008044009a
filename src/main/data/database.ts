import Sqlite from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';
import { backUpAutomatically } from './automatic-backup.ts';
import { type Clock, systemClock } from './clock.ts';
import { findDamage, forgetDamage, isHeadless, isSuspect, noteDamage, setDamagedAside } from './damage.ts';
import { refuseStranger } from './identity.ts';
import { type Migration, migrate, type OnMigrating } from './migrate.ts';
import { isDamage, storageFailure } from './storage-failure.ts';

export type Database = Sqlite.Database;

export interface DatabaseOptions {
  /** Made if it is missing. */
  file: string;
  /** Number n takes the database from schema n-1 to n. */
  migrations: readonly Migration[];
  /** Where a copy is put before a migration. */
  backupDir: string;
  /** Further settings, such as `cache_size = -64000`; they come first, so that `page_size` counts in a new file. */
  pragmas?: readonly string[];
  clock?: Clock;
  /** Told of a migration of a database that holds something; it may take a while. */
  onMigrating?: OnMigrating | undefined;
}

/**
 * Opens a database of the data folder, whose lock must be held, and brings its schema up to date; what it held before
 * that is copied to `backupDir`. WAL with `synchronous = FULL`: a commit is on the disk when it returns
 * (sqlite.org/pragma.html#pragma_synchronous), which is what the journal promises.
 * @throws PushrodError `DATA_FOLDER_TOO_NEW` or `INVALID_INPUT` (a file of another program), with nothing changed;
 *   `DATABASE_DAMAGED`, with the file set aside; `STORAGE_FAILED`; `DATA_FOLDER_IN_USE`
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { file, migrations, backupDir, clock = systemClock } = options;
  try {
    unlessDamaged(() => refuseStranger(file, migrations.length));
    const suspected = isSuspect(file) || isHeadless(file);
    const database = suspected ? undefined : unlessDamaged(() => openSound(options));
    if (database) return database;
    const damage = findDamage(file) ?? openAgain(options);
    if (typeof damage !== 'string') return damage;
    throw setDamagedAside(file, damage, backupDir, clock.now());
  } catch (thrown) {
    throw inUse(thrown, file) ?? storageFailure(thrown, file);
  }
}

/** A further connection to a database that is open, for a thread of its own; its commits are as durable. */
export function openBeside(file: string): Database {
  const database = new Sqlite(file, { fileMustExist: true });
  makeDurable(database);
  return database;
}

/** Runs `work` so that all of it is in the database afterwards, or none. */
export function inTransaction<T>(database: Database, work: () => T): T {
  try {
    return database.transaction(work).immediate();
  } catch (thrown) {
    throw databaseFailure(thrown, database.name);
  }
}

/**
 * Turns what SQLite threw while a session runs into what people can act on, `STORAGE_FAILED` or `DATABASE_DAMAGED`;
 * damage is noted, so that the next start checks the file. Anything else is given back as it is.
 */
export function databaseFailure(thrown: unknown, file: string): unknown {
  if (!isDamage(thrown)) return storageFailure(thrown, file);
  noteDamage(file, thrown.message);
  const message = `The database ${file} is damaged (${thrown.message}). Pushrod checks it when it is started again.`;
  return new PushrodError('DATABASE_DAMAGED', message, [], { cause: thrown });
}

/** A backup may read, with a lock, what was restored and is not in WAL mode yet. */
function inUse(thrown: unknown, file: string): PushrodError | undefined {
  if (!(thrown instanceof Sqlite.SqliteError) || !thrown.code.startsWith('SQLITE_BUSY')) return undefined;
  return new PushrodError('DATA_FOLDER_IN_USE', `Another program reads ${file} just now.`, [], { cause: thrown });
}

function openSound(options: DatabaseOptions): Database {
  const { file, migrations, backupDir, pragmas = [], clock = systemClock } = options;
  const database = new Sqlite(file);
  try {
    for (const pragma of pragmas) database.pragma(pragma);
    makeDurable(database);
    const found = database.pragma('user_version', { simple: true }) as number;
    if (found < migrations.length) {
      const onMigrating = found > 0 ? options.onMigrating : undefined;
      onMigrating?.(0, migrations.length - found);
      if (found > 0) backUpAutomatically(database, found, backupDir, clock.now());
      migrate(database, migrations, found, onMigrating);
    }
    database.pragma('foreign_keys = ON');
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function makeDurable(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
}

/** Opens what the check found whole; a string says why it is damaged all the same. */
function openAgain(options: DatabaseOptions): Database | string {
  try {
    const database = openSound(options);
    forgetDamage(options.file);
    return database;
  } catch (thrown) {
    if (isDamage(thrown)) return thrown.message;
    throw thrown;
  }
}

function unlessDamaged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    if (isDamage(thrown)) return undefined;
    throw thrown;
  }
}
