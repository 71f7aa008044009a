import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PushrodError } from '../../shared/errors.ts';
import { describeBackup } from './automatic-backup.ts';
import { notABackup, readManifest } from './backup-manifest.ts';
import { tooNew } from './identity.ts';
import { type DatabaseName, databaseNames, layoutVersion } from './layout.ts';
import { partsOf, type Restorable } from './restore-journal.ts';

/** The newest schema of each database this Pushrod knows. */
export type Schemas = Record<DatabaseName, number>;

/** What a restore takes from where. */
export interface RestoreSource {
  createdAt: string;
  files: SourceFile[];
  /** What of the data folder it stands for, and so takes the place of. */
  replaces: Restorable[];
}

export interface SourceFile {
  /** In the data folder. */
  path: string;
  file: string;
  sizeBytes: number;
  /** `undefined` where nobody noted it; the database is checked then. */
  sha256: string | undefined;
}

/** Reads what is to be restored: a backup's folder, or one database as it was copied before a migration. */
export function readSource(from: string, schemas: Schemas): RestoreSource {
  const found = statSync(from, { throwIfNoEntry: false });
  if (!found) throw notABackup(`${from} does not exist`);
  return found.isDirectory() ? wholeBackup(from, schemas) : oneDatabase(from, found.size, schemas);
}

function wholeBackup(from: string, schemas: Schemas): RestoreSource {
  const { layout, createdAt, withFirmware, files, ...manifest } = readManifest(from);
  if (layout > layoutVersion) {
    throw new PushrodError(
      'DATA_FOLDER_TOO_NEW',
      `The backup ${from} has layout ${layout}; this Pushrod knows up to ${layoutVersion}. Nothing was changed.`,
    );
  }
  for (const name of databaseNames) refuseNewer(join(from, name), manifest.schemas[name] ?? 0, schemas[name]);
  const sources = files.map((entry) => ({ ...entry, file: join(from, entry.path) }));
  for (const { file, sizeBytes } of sources) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size !== sizeBytes) throw notABackup(`${file} is missing or not whole`);
  }
  const names: Restorable[] = [
    ...databaseNames,
    'known_hosts',
    'known_certificates',
    'version',
    ...(withFirmware ? (['firmware'] as const) : []),
  ];
  return { createdAt, files: sources, replaces: names.flatMap(partsOf) };
}

function oneDatabase(from: string, sizeBytes: number, schemas: Schemas): RestoreSource {
  const described = describeBackup(basename(from));
  const name = databaseNames.find((known) => known === described?.database);
  if (!described || !name) {
    throw notABackup(`${from} is neither the folder of a backup nor a database that was copied before a migration`);
  }
  refuseNewer(from, described.schema, schemas[name]);
  const file = { path: name, file: from, sizeBytes, sha256: undefined };
  return { createdAt: described.createdAt, files: [file], replaces: partsOf(name) };
}

function refuseNewer(file: string, schema: number, newest: number): void {
  if (schema > newest) throw tooNew(file, schema, newest);
}
