import { PushrodError } from '../../shared/errors.ts';
import { type Zone, zone } from '../../shared/model/index.ts';

/** That of this laptop, which changes where it travels. */
export const localZone = (): Zone => parseZone(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** Reads the name of an IANA time zone, in any letter case. Throws `INVALID_INPUT`, with the names that are near. */
export function parseZone(text: string): Zone {
  const read = zone.safeParse(text.trim());
  if (read.success) return read.data;
  const message = read.error.issues[0]?.message ?? 'is no time zone';
  throw new PushrodError('INVALID_INPUT', `tz: ${message}`, [{ field: 'tz', message }]);
}
