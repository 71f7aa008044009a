import { PushrodError } from '../../shared/errors.ts';

/** The firmware of this laptop could not be opened or read, as `cause` says (errno(3)). */
export function unreadable(cause: unknown): PushrodError {
  const { code } = cause as NodeJS.ErrnoException;
  return new PushrodError('STORAGE_FAILED', `The stored firmware file cannot be read (${code}).`, [], { cause });
}
