import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PushrodError } from '../../shared/errors.ts';
import { type BackupManifest, backupFormat, manifestName } from './backup-manifest.ts';
import { type Content, contentOf, copyFile, type ReadOptions } from './copy-file.ts';
import { refuseNewerLayout } from './data-folder.ts';
import { makeDirectory, syncDirectory, syncFile, writeDurably } from './durable.ts';
import { layoutOf, layoutVersion } from './layout.ts';
import { takeSnapshots } from './snapshot.ts';

export interface BackupRequest {
  dataDir: string;
  /** The folder to make. */
  to: string;
  withFirmware: boolean;
  nowMs: number;
}

export interface Progress {
  bytesDone: number;
  bytesTotal: number;
}

/** A backup that was made. */
export interface Backup extends BackupManifest {
  path: string;
  sizeBytes: number;
  /**
   * What the folder has and the backup has not: `secret.key`, without which stored passwords cannot be read, so that
   * a lost backup gives none away; and `firmware` unless it was asked for.
   */
  leftOut: string[];
}

/**
 * Copies a data folder as it is at this moment, while Pushrod may go on. It is written beside its place and renamed when
 * all of it is on the disk: never is there half a backup.
 */
export async function writeBackup(
  { dataDir, to, withFirmware, nowMs }: BackupRequest,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Backup> {
  const target = resolve(to);
  refuseTaken(target);
  refuseNewerLayout(dataDir);
  const snapshots = takeSnapshots(dataDir);
  try {
    const others = otherFiles(dataDir, withFirmware);
    const bytesTotal = sum(snapshots) + sum(others);
    let bytesDone = 0;
    const options: ReadOptions = {
      signal,
      onBytes(count) {
        bytesDone += count;
        onProgress({ bytesDone, bytesTotal });
      },
    };
    return await withPartial(target, async (partial) => {
      const files: BackupManifest['files'] = [];
      for (const snapshot of snapshots) {
        const copy = join(partial, snapshot.name);
        await snapshot.copyTo(copy, options);
        syncFile(copy);
        files.push({ path: snapshot.name, ...(await contentOf(copy, { signal })) });
      }
      for (const { path } of others) {
        const content = await copyIfThere(join(dataDir, path), join(partial, path), options);
        if (content) files.push({ path, ...content });
      }
      const manifest: BackupManifest = {
        format: backupFormat,
        createdAt: new Date(nowMs).toISOString(),
        layout: layoutVersion,
        schemas: Object.fromEntries(snapshots.map(({ name, schema }) => [name, schema])),
        withFirmware,
        files,
      };
      writeDurably(join(partial, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
      const leftOut = withFirmware ? ['secret.key'] : ['secret.key', 'firmware'];
      return {
        ...{ path: target, ...manifest, sizeBytes: sum(files) },
        leftOut: leftOut.filter((name) => existsSync(join(dataDir, name))),
      };
    });
  } finally {
    for (const snapshot of snapshots) snapshot.close();
  }
}

function refuseTaken(target: string): void {
  if (!existsSync(target)) return;
  const message = `${target} exists already; name a folder that does not`;
  throw new PushrodError('CONFLICT', `${message}.`, [{ field: 'to', message }]);
}

/** Has `work` fill a folder that gets the name `target` when it is whole, and is removed when it fails. */
async function withPartial<T>(target: string, work: (partial: string) => Promise<T>): Promise<T> {
  const partial = `${target}.partial`;
  makeDirectory(dirname(target));
  makePartial(partial);
  try {
    const result = await work(partial);
    syncDirectory(partial);
    refuseTaken(target);
    renameSync(partial, target);
    syncDirectory(dirname(target));
    return result;
  } catch (thrown) {
    rmSync(partial, { recursive: true, force: true });
    throw thrown;
  }
}

function makePartial(partial: string): void {
  try {
    mkdirSync(partial, { mode: 0o700 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    const message = `${partial} is there: another backup to this place is running, or one was cut off; remove it then`;
    throw new PushrodError('CONFLICT', `${message}.`, [{ field: 'to', message }]);
  }
}

/** The files to copy beside the databases. */
function otherFiles(dataDir: string, withFirmware: boolean): { path: string; sizeBytes: number }[] {
  const firmware = withFirmware ? storedFirmware(layoutOf(dataDir).firmwareDir) : [];
  return ['version', 'known_hosts', 'known_certificates', ...firmware].flatMap((path) => {
    const found = statSync(join(dataDir, path), { throwIfNoEntry: false });
    return found ? [{ path, sizeBytes: found.size }] : [];
  });
}

/** Only whole files lie under the two digits of their hash. */
function storedFirmware(firmwareDir: string): string[] {
  if (!existsSync(firmwareDir)) return [];
  const folders = readdirSync(firmwareDir).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return folders.flatMap((folder) =>
    readdirSync(join(firmwareDir, folder))
      .filter((name) => /^[0-9a-f]{64}$/.test(name) && name.startsWith(folder))
      .map((name) => `firmware/${folder}/${name}`),
  );
}

/** A firmware may be removed from the library in the meantime. */
async function copyIfThere(from: string, to: string, options: ReadOptions): Promise<Content | undefined> {
  makeDirectory(dirname(to));
  try {
    const content = await copyFile(from, to, options);
    syncDirectory(dirname(to));
    return content;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    rmSync(to, { force: true });
    return undefined;
  }
}

function sum(files: { sizeBytes: number }[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
