import Sqlite from 'better-sqlite3';
import type { Database } from '../../data/index.ts';

/** One more connection to a registry that is open already, for reading only. */
export function openReading(file: string): Database {
  return new Sqlite(file, { readonly: true, fileMustExist: true });
}
