import { z } from 'zod';
import { PushrodError } from '../../shared/errors.ts';
import type { DeviceSort } from '../../shared/model/index.ts';

/** The place behind a row in an order: its sort value (`''` for none) and what breaks ties. */
export interface Place {
  value: string;
  nameKey: string;
  id: string;
}

const written = z.tuple([z.string(), z.boolean(), z.string(), z.string(), z.string()]);

/** Writes a place as the opaque `nextCursor`. */
export function writeCursor({ field, descending }: DeviceSort, { value, nameKey, id }: Place): string {
  return Buffer.from(JSON.stringify([field, descending, value, nameKey, id])).toString('base64url');
}

/** Reads what {@link writeCursor} wrote. @throws PushrodError `INVALID_INPUT` for anything else, or one of another sort */
export function readCursor(sort: DeviceSort, cursor: string): Place {
  const [field, descending, value, nameKey, id] = parse(cursor);
  if (field === sort.field && descending === sort.descending) return { value, nameKey, id };
  throw invalid('the cursor is of another sort; go on with the sort it came from, or start over without it');
}

function parse(cursor: string): z.infer<typeof written> {
  try {
    return written.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw invalid('this is not a nextCursor of an earlier page');
  }
}

function invalid(message: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `after: ${message}`, [{ field: 'after', message }]);
}
