import { z } from 'zod';
import { timestamp } from './timestamp.ts';

/** SHA-256 of a file's bytes (FIPS 180-4), 64 lower-case hexadecimal digits. */
export const sha256 = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{64}$/, 'not a SHA-256: 64 hexadecimal digits')
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof sha256>;

/** A base name that is safe at the end of a path on any device. */
export const fileName = z
  .string()
  .min(1, 'file name is empty')
  .max(200, 'file name is over 200 characters')
  .refine((name) => !hasPathPart(name), 'file name may not hold "/", "\\", control characters, or be "." or ".."');

function hasPathPart(name: string): boolean {
  if (name === '.' || name === '..') return true;
  return [...name].some(
    (character) => character === '/' || character === '\\' || character < ' ' || character === '\x7f',
  );
}

export const firmware = z.object({
  sha256,
  sizeBytes: z.int().min(0),
  fileName,
  version: z.string(),
  models: z.array(z.string()),
  notes: z.string(),
  addedAt: timestamp,
});
export type Firmware = z.infer<typeof firmware>;

/** What a person says of a firmware file when adding it. */
export const firmwareInfo = z.strictObject({
  fileName,
  version: z.string().trim().max(200).default(''),
  models: z.array(z.string().trim().min(1).max(200)).default([]),
  notes: z.string().max(10_000).default(''),
});
export type FirmwareInfo = z.infer<typeof firmwareInfo>;

/** A change to what is said of a firmware: only the fields given change. */
export const firmwarePatch = z
  .strictObject({
    fileName,
    version: z.string().trim().max(200),
    models: z.array(z.string().trim().min(1).max(200)),
    notes: z.string().max(10_000),
  })
  .partial();
export type FirmwarePatch = z.infer<typeof firmwarePatch>;
