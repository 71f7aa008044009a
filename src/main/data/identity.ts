import { existsSync, rmSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';
import { sidecars } from './layout.ts';

/** `PshR`: marks Pushrod's files among those of SQLite (sqlite.org/pragma.html#pragma_application_id). */
export const applicationId = 0x50736852;

export interface Identity {
  /** Whether nothing was ever written into it. */
  empty: boolean;
  ours: boolean;
  /** Its schema's version, `user_version`. */
  schema: number;
}

/**
 * Looks at a database without changing it. This goes through SQLite and not through the file's first bytes: closing
 * a descriptor of an open database would drop its locks (sqlite.org/howtocorrupt.html, 2.2).
 */
export function identify(file: string): Identity {
  if (!existsSync(file) || statSync(file).size === 0) return { empty: true, ours: false, schema: 0 };
  try {
    return read(file, true);
  } catch (thrown) {
    // A crash in the middle of the first write left a journal, which only a writer may roll back.
    if (thrown instanceof Sqlite.SqliteError && thrown.code === 'SQLITE_READONLY_ROLLBACK') return read(file, false);
    throw thrown;
  }
}

/**
 * Refuses what this Pushrod must not open, and leaves it as it is.
 * @throws PushrodError `DATA_FOLDER_TOO_NEW`, or `INVALID_INPUT` for a file of another program
 */
export function refuseStranger(file: string, newestSchema: number): void {
  const before = besides(file);
  const { empty, ours, schema } = identify(file);
  if (empty || (ours && schema <= newestSchema)) return;
  for (const added of besides(file)) if (!before.includes(added)) rmSync(added);
  throw ours ? tooNew(file, schema, newestSchema) : foreign(file);
}

export function tooNew(what: string, schema: number, newestSchema: number): PushrodError {
  return new PushrodError(
    'DATA_FOLDER_TOO_NEW',
    `${what} has schema ${schema}; this Pushrod knows up to ${newestSchema}. Nothing was changed.`,
  );
}

export function foreign(file: string): PushrodError {
  const message = `${file} is a database of another program, not of Pushrod. Nothing was changed.`;
  return new PushrodError('INVALID_INPUT', message, [
    { field: 'data', message: 'name another data folder, or move that file out of this one' },
  ]);
}

function read(file: string, readonly: boolean): Identity {
  const database = new Sqlite(file, { readonly, fileMustExist: true });
  try {
    const number = (pragma: string) => database.pragma(pragma, { simple: true }) as number;
    const schema = number('user_version');
    const application = number('application_id');
    // SQLite counts up its own schema_version with every table that is made.
    const empty = application === 0 && schema === 0 && number('schema_version') === 0;
    return { empty, ours: application === applicationId, schema };
  } finally {
    database.close();
  }
}

/** Even a reader makes the files of the write-ahead log, and leaves them. */
function besides(file: string): string[] {
  return sidecars.map((suffix) => file + suffix).filter((path) => existsSync(path));
}
