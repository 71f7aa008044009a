import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PushrodError } from '../../shared/errors.ts';
import { databaseNames } from './layout.ts';

export const manifestName = 'manifest.json';

/** Version of a backup's form. */
export const backupFormat = 1;

/** What may lie in a backup; everything else is refused before it can go anywhere. */
const pathInBackup = z
  .string()
  .regex(
    /^(?:pushrod\.db|registry\.db|known_hosts|known_certificates|version|firmware\/([0-9a-f]{2})\/\1[0-9a-f]{62})$/,
  );

const manifest = z.object({
  format: z.literal(backupFormat),
  createdAt: z.iso.datetime(),
  /** Of the data folder. */
  layout: z.int().positive(),
  /** The version of each database's schema. */
  schemas: z.partialRecord(z.enum(databaseNames), z.int().nonnegative()),
  withFirmware: z.boolean(),
  files: z.array(
    z.object({ path: pathInBackup, sizeBytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** `manifest.json` of a backup: when it was made and what is in it. */
export type BackupManifest = z.infer<typeof manifest>;

/** @throws PushrodError `INVALID_INPUT` when the folder is no backup, `DATA_FOLDER_TOO_NEW` */
export function readManifest(backupDir: string): BackupManifest {
  const file = join(backupDir, manifestName);
  const value = parse(file, backupDir);
  const { format } = z.object({ format: z.int() }).safeParse(value).data ?? {};
  if (format !== undefined && format > backupFormat) {
    throw new PushrodError(
      'DATA_FOLDER_TOO_NEW',
      `The backup ${backupDir} has format ${format}; this Pushrod knows up to ${backupFormat}. Nothing was changed.`,
    );
  }
  const read = manifest.safeParse(value);
  if (read.success && read.data.files.some(({ path }) => path === databaseNames[0])) return read.data;
  throw notABackup(`${file} is not the manifest of a backup`);
}

export function notABackup(problem: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `${problem}. Nothing was changed.`, [{ field: 'from', message: problem }]);
}

function parse(file: string, backupDir: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw notABackup(`${file} is not JSON`);
    const { code } = thrown as NodeJS.ErrnoException;
    throw notABackup(`${backupDir} is not a backup of Pushrod: its ${manifestName} cannot be read (${code})`);
  }
}
