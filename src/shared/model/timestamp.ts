import { z } from 'zod';

/** A moment, ISO 8601 in UTC with milliseconds: `2026-03-29T01:00:00.000Z`. Offsets are read and turned into UTC. */
export const timestamp = z.iso
  .datetime({ offset: true, error: 'not an ISO 8601 time with a zone, such as 2026-03-29T01:00:00Z' })
  .transform((text) => new Date(text).toISOString());
export type Timestamp = z.infer<typeof timestamp>;
