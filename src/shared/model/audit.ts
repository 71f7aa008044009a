import { z } from 'zod';
import { timestamp } from './timestamp.ts';
import { updateId } from './update.ts';

/** What an entry is about; a `device-update` is one device's part of an update. */
export const auditSubject = z.enum([
  'update',
  'device-update',
  'device',
  'firmware',
  'profile',
  'credential',
  'host',
  'limits',
  'recovery',
  'presence',
  'registry',
  'slot',
  'signer',
  'schedule',
  'site',
]);
export type AuditSubject = z.infer<typeof auditSubject>;

/** Something that happened, on record for good. */
export const auditEntry = z.object({
  /** 1, 2, 3, …, in the order of the record. */
  id: z.int(),
  at: timestamp,
  /** Who did it: a person at a door, or `pushrod` itself. */
  actor: z.string(),
  subject: auditSubject,
  /** Which one; `null` where there are several, or only one. */
  subjectId: z.string().nullable(),
  updateId: updateId.nullable(),
  /** The state that an update or its device came to, or what was done. */
  action: z.string(),
  detail: z.string().nullable(),
  /** SHA-256 of this entry and all before it, in hexadecimal. */
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditRequest = z.strictObject({
  since: timestamp.optional(),
  /** Only what belongs to this update. */
  updateId: updateId.optional(),
  /** `oldestFirst` when left out. */
  order: z.enum(['oldestFirst', 'newestFirst']).optional(),
  /** Only entries that come after the one with this id, in that order: the last of the page before. */
  after: z.int().min(0).optional(),
  limit: z.int().min(1).max(10_000).default(1_000),
});
export type AuditRequest = z.infer<typeof auditRequest>;

/** Whether all that was ever recorded is there, as it was. */
export const auditCheck = z.object({
  entries: z.int(),
  isWhole: z.boolean(),
  /** The first entry that is missing or not as it was; `null` when all are whole. */
  firstBadId: z.int().nullable(),
  /** The hash of the last entry: who notes it elsewhere can tell later that nothing before it was rewritten. */
  head: z.string(),
});
export type AuditCheck = z.infer<typeof auditCheck>;
