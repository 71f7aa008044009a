import { z } from 'zod';
import { firmwareSignature, minisignSignature } from './signature.ts';
import { timestamp } from './timestamp.ts';

/** SHA-256 of a file's bytes (FIPS 180-4), 64 lower-case hexadecimal digits. */
export const sha256 = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/, 'not a SHA-256: 64 hexadecimal digits')
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof sha256>;

/**
 * Bytes of a file name, as UTF-8. A device's file system takes 255 (NAME_MAX), of which an unfinished transfer adds
 * `.`, 12 hexadecimal digits and `.part`.
 */
export const maxFileNameBytes = 255 - 18;

/** A base name that is safe at the end of a path on any device. */
export const fileName = z
  .string()
  .min(1, 'file name is empty')
  .refine(
    (name) => new TextEncoder().encode(name).length <= maxFileNameBytes,
    `file name is over ${maxFileNameBytes} bytes, too long for a device; rename the file`,
  )
  .refine((name) => !hasPathPart(name), 'file name may not hold "/", "\\", control characters, or be "." or ".."');

function hasPathPart(name: string): boolean {
  if (name === '.' || name === '..') return true;
  return [...name].some(
    (character) => character === '/' || character === '\\' || character < ' ' || character === '\x7f',
  );
}

const version = z.string().trim().max(200, 'version is over 200 characters');
const models = z.array(
  z.string().trim().min(1, 'model is empty; leave it out instead').max(200, 'model is over 200 characters'),
);
const notes = z.string().max(10_000, 'notes are over 10,000 characters');

export const firmware = z.object({
  sha256,
  sizeBytes: z.int().min(0),
  /** As it was added; the rules for new names may have become narrower since. */
  fileName: z.string(),
  version: z.string(),
  models: z.array(z.string()),
  notes: z.string(),
  addedAt: timestamp,
  /** `null` where it is not signed. */
  signature: firmwareSignature.nullable().default(null),
});
export type Firmware = z.infer<typeof firmware>;

/** What a person says of a firmware file when adding it. */
export const firmwareInfo = z.strictObject({
  fileName,
  version: version.default(''),
  models: models.default([]),
  notes: notes.default(''),
  /** What is not signed by it is not taken. */
  signature: minisignSignature.optional(),
});
export type FirmwareInfo = z.infer<typeof firmwareInfo>;

/** A change to what is said of a firmware: only the fields given change. */
export const firmwarePatch = z.strictObject({ fileName, version, models, notes }).partial();
export type FirmwarePatch = z.infer<typeof firmwarePatch>;
