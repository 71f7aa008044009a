import Sqlite from 'better-sqlite3';
import { PushrodError } from '../../shared/errors.ts';

/** What is wrong with the disk, by SQLite's result codes (sqlite.org/rescode.html) and errno(3). */
const troubles: [pattern: RegExp, trouble: string][] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'is full'],
  [/^(SQLITE_READONLY|EROFS)/, 'cannot be written to'],
  [/^(SQLITE_IOERR|EIO)/, 'fails to read or write'],
  [/^(SQLITE_CANTOPEN|EACCES|EPERM)/, 'does not let Pushrod open a file'],
];

/** Turns a full, read-only or failing disk into `STORAGE_FAILED`; anything else is given back as it is. */
export function storageFailure(thrown: unknown, path: string): unknown {
  const code = codeOf(thrown);
  const trouble = troubles.find(([pattern]) => pattern.test(code))?.[1];
  if (!trouble) return thrown;
  return new PushrodError('STORAGE_FAILED', `The laptop's disk ${trouble} (${code} at ${path}).`, [], {
    cause: thrown,
  });
}

/** Whether SQLite found that a file is not, or no longer, what it wrote. */
export function isDamage(thrown: unknown): thrown is Error {
  return thrown instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(thrown.code);
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || thrown instanceof PushrodError) return '';
  const { code } = thrown as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : '';
}
