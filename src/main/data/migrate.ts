import type { Database } from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';
import { applicationId } from './identity.ts';

/** One step of a schema: SQL, or what needs more than that. It runs inside a transaction. */
export type Migration = string | ((database: Database) => void);

/** Told before each step how many of how many are done; the first time before the backup. */
export type OnMigrating = (done: number, steps: number) => void;

/** All pending migrations in one transaction: afterwards the database has the newest schema, or is as it was. */
export function migrate(
  database: Database,
  migrations: readonly Migration[],
  from: number,
  onProgress: OnMigrating = () => undefined,
): void {
  // A table that is made anew would take its references along; they are checked at the end instead
  // (sqlite.org/lang_altertable.html, 7).
  database.pragma('foreign_keys = OFF');
  database
    .transaction(() => {
      for (const [done, migration] of migrations.slice(from).entries()) {
        onProgress(done, migrations.length - from);
        if (typeof migration === 'string') database.exec(migration);
        else migration(database);
      }
      const [broken] = database.pragma('foreign_key_check') as { table: string }[];
      if (broken) throw new PushrodError('INTERNAL', `A migration broke a reference of ${broken.table}.`);
      database.pragma(`application_id = ${applicationId}`);
      database.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
}
