import { z } from 'zod';

/** Where the devices are kept, and whether it can be reached now. */
export const registryStatus = z.object({
  /** `local`: in the data folder (SQLite). `shared`: in a PostgreSQL database that several benches use. */
  kind: z.enum(['local', 'shared']),
  /** The data folder's file, or the database's address without its password. */
  place: z.string(),
  connected: z.boolean(),
  /** Why it cannot be reached; `null` while it can. */
  message: z.string().nullable(),
});
export type RegistryStatus = z.infer<typeof registryStatus>;

/** Address of a shared registry: `postgres://USER:PASSWORD@HOST[:PORT]/DATABASE` (PostgreSQL, 34.1.1.2). */
export const registryUrl = z
  .string()
  .max(2_000)
  .refine(isPostgresUrl, 'not the address of a database, such as postgres://bench:secret@192.0.2.5/pushrod');
export type RegistryUrl = z.infer<typeof registryUrl>;

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1;
}
