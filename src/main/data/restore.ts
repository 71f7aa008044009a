import { existsSync, lstatSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PushrodError } from '../../shared/errors.ts';
import { notABackup } from './backup-manifest.ts';
import { type Clock, systemClock } from './clock.ts';
import { copyFile, type ReadOptions } from './copy-file.ts';
import { findDamage } from './damage.ts';
import { makeDataFolder, refuseNewerLayout } from './data-folder.ts';
import { makeDirectory, makeNewDirectory, syncDirectory } from './durable.ts';
import { identify, tooNew } from './identity.ts';
import { databaseNames, fileTime, layoutOf, mainDatabase } from './layout.ts';
import { lockDataFolder } from './lock.ts';
import { migrations } from './migrations.ts';
import { beginRestore, finishRestore, type Restorable } from './restore-journal.ts';
import { type RestoreSource, readSource, type Schemas } from './restore-source.ts';
import { storageFailure } from './storage-failure.ts';
import type { Progress } from './write-backup.ts';

export interface RestoreOptions {
  dataDir: string;
  /** A backup's folder, or one database as it was copied before a migration (`registry-v3-<time>.db`). */
  from: string;
  /** The newest schema of `registry.db` this Pushrod knows. */
  registrySchema: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  clock?: Clock;
}

/** A restore that was done. */
export interface Restored {
  from: string;
  /** Time of the backup. */
  createdAt: string;
  /** What took its place in the data folder: files, and `firmware` as a whole. */
  restored: string[];
  sizeBytes: number;
  /** Folder that holds what was there before; `null` when nothing was. */
  setAside: string | null;
}

/** Whether a restore would take the place of something. */
export function holdsData(dataDir: string): boolean {
  return existsSync(join(dataDir, mainDatabase));
}

/**
 * Puts a backup in the place of what the data folder holds, which is kept in `backups/before-restore-<time>/`. Whenever
 * it is cut off, the folder is afterwards all as before, or all as in the backup ({@link finishRestore}).
 * @throws PushrodError with nothing changed: `DATA_FOLDER_IN_USE`, `INVALID_INPUT`, `DATA_FOLDER_TOO_NEW`,
 *   `STORAGE_FAILED`, `CANCELLED`
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { dataDir, registrySchema, signal, onProgress, clock = systemClock } = options;
  const from = resolve(options.from);
  const schemas: Schemas = { 'pushrod.db': migrations.length, 'registry.db': registrySchema };
  makeDataFolder(dataDir);
  refuseNewerLayout(dataDir);
  const lock = lockDataFolder(dataDir);
  try {
    finishRestore(dataDir);
    const source = readSource(from, schemas);
    const bytesTotal = source.files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    await stage(source, dataDir, schemas, { signal, ...countingTo(bytesTotal, onProgress) });
    const { setAside, restored } = exchange(source, dataDir, clock.now());
    return { from, createdAt: source.createdAt, restored, sizeBytes: bytesTotal, setAside };
  } catch (thrown) {
    throw storageFailure(thrown, dataDir);
  } finally {
    lock.release();
  }
}

function countingTo(bytesTotal: number, onProgress: RestoreOptions['onProgress']): ReadOptions {
  let bytesDone = 0;
  return {
    onBytes(count) {
      bytesDone += count;
      onProgress?.({ bytesDone, bytesTotal });
    },
  };
}

/** Copies what is to be restored into the data folder, beside its place, and checks it there. */
async function stage(source: RestoreSource, dataDir: string, schemas: Schemas, options: ReadOptions): Promise<void> {
  const { stagingDir } = layoutOf(dataDir);
  try {
    makeDirectory(stagingDir);
    const folders = new Set([stagingDir, dataDir]);
    for (const { path, file, sha256 } of source.files) {
      const staged = join(stagingDir, path);
      makeDirectory(dirname(staged));
      folders.add(dirname(staged));
      const content = await copyFile(file, staged, options);
      if (sha256 !== undefined && content.sha256 !== sha256) throw notABackup(`${file} is not what was backed up`);
      checkDatabase(path, file, staged, sha256 === undefined, schemas);
    }
    for (const folder of folders) syncDirectory(folder);
    options.signal?.throwIfAborted();
  } catch (thrown) {
    rmSync(stagingDir, { recursive: true, force: true });
    if (!options.signal?.aborted) throw thrown;
    throw new PushrodError('CANCELLED', 'The restore was cancelled. Nothing was changed.', [], { cause: thrown });
  }
}

function checkDatabase(path: string, file: string, staged: string, thoroughly: boolean, schemas: Schemas): void {
  const name = databaseNames.find((known) => known === path);
  if (!name) return;
  const damage = thoroughly ? findDamage(staged) : undefined;
  if (damage) throw notABackup(`${file} is damaged (${damage})`);
  const { ours, schema } = identify(staged);
  if (!ours) throw notABackup(`${file} is a database of another program`);
  if (schema > schemas[name]) throw tooNew(file, schema, schemas[name]);
}

/** Has what was staged and what is there change places. */
function exchange(source: RestoreSource, dataDir: string, nowMs: number): Pick<Restored, 'restored' | 'setAside'> {
  const { backupDir } = layoutOf(dataDir);
  const outgoing = source.replaces.filter((name) => existsSync(join(dataDir, name)));
  const incoming = [...new Set(source.files.map(({ path }) => path.split('/')[0] as Restorable))];
  makeDirectory(backupDir);
  refuseMounts(dataDir, [backupDir, ...outgoing.map((name) => join(dataDir, name))]);
  const setAside = makeNewDirectory(backupDir, `before-restore-${fileTime(nowMs)}`);
  beginRestore(dataDir, { format: 1, setAside: basename(setAside), outgoing, incoming });
  finishRestore(dataDir);
  if (outgoing.length > 0) return { restored: incoming, setAside };
  rmSync(setAside, { recursive: true });
  return { restored: incoming, setAside: null };
}

/** Names can change places on one file system only (rename(2), EXDEV, EBUSY). */
function refuseMounts(dataDir: string, paths: string[]): void {
  const { dev } = lstatSync(dataDir);
  const elsewhere = paths.find((path) => lstatSync(path).dev !== dev);
  if (!elsewhere) return;
  const message = `${elsewhere} lies on another disk than ${dataDir}; a restore needs them on one`;
  throw new PushrodError('INVALID_INPUT', `${message}. Nothing was changed.`, [{ field: 'data', message }]);
}
