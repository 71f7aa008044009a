import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PushrodError } from '../../shared/errors.ts';
import { syncDirectory, writeDurably } from './durable.ts';
import { databaseNames, layoutOf, sidecars } from './layout.ts';

/** What a restore may touch in a data folder. */
const restorable = [
  ...databaseNames.flatMap((name) => [name, ...sidecars.map((suffix) => name + suffix), `${name}-suspect`]),
  'known_hosts',
  'known_certificates',
  'version',
  'firmware',
] as const;

const restoreJournal = z.object({
  format: z.literal(1),
  /** The folder in `backups/`, made before, where what was there goes. */
  setAside: z.string().regex(/^[\w.-]+$/),
  /** Leaves its place. */
  outgoing: z.array(z.enum(restorable)),
  /** Lies in the staging folder, whole and flushed, and takes its place. */
  incoming: z.array(z.enum(restorable)),
});

export type RestoreJournal = z.infer<typeof restoreJournal>;
export type Restorable = (typeof restorable)[number];

/** All that belongs to a part of a data folder: a database does not go without its log. */
export function partsOf(name: Restorable): Restorable[] {
  return restorable.filter((part) => part === name || part.startsWith(`${name}-`));
}

/** From this moment on the restore happened: what is left of it is done by {@link finishRestore}, whoever calls it. */
export function beginRestore(dataDir: string, journal: RestoreJournal): void {
  writeDurably(layoutOf(dataDir).restoreJournal, `${JSON.stringify(journal, undefined, 2)}\n`);
}

/**
 * Completes a restore that was begun, and clears one away that was not. Each step can be repeated, so it may be cut off
 * at any moment. The folder's lock must be held, and no database be open.
 * @throws PushrodError `DATA_FOLDER_TOO_NEW`
 */
export function finishRestore(dataDir: string): void {
  const { restoreJournal: file, stagingDir, backupDir } = layoutOf(dataDir);
  if (existsSync(file)) {
    const { setAside, outgoing, incoming } = readJournal(file);
    const asideDir = join(backupDir, setAside);
    const isIn = (name: Restorable) => incoming.includes(name) && !existsSync(join(stagingDir, name));
    const leaving = outgoing.filter((name) => !isIn(name) && existsSync(join(dataDir, name)));
    for (const name of leaving) renameSync(join(dataDir, name), join(asideDir, name));
    // What was there is safe before anything takes its name.
    syncDirectory(asideDir);
    syncDirectory(dataDir);
    for (const name of incoming) if (!isIn(name)) renameSync(join(stagingDir, name), join(dataDir, name));
    syncDirectory(dataDir);
    rmSync(file);
    syncDirectory(dataDir);
  }
  rmSync(`${file}.partial`, { force: true });
  rmSync(stagingDir, { recursive: true, force: true });
}

function readJournal(file: string): RestoreJournal {
  const read = restoreJournal.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (read.success) return read.data;
  throw new PushrodError('DATA_FOLDER_TOO_NEW', `${file} is a restore that another version of Pushrod began.`);
}
