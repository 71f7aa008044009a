import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Makes a directory, for this user only, whose name survives a power cut. */
export function makeDirectory(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) syncDirectory(dirname(made));
}

/** Makes a folder that was not there before: `name`, or `name-2` where that is taken. Returns its path. */
export function makeNewDirectory(parent: string, name: string): string {
  makeDirectory(parent);
  for (let attempt = 1; ; attempt++) {
    const path = join(parent, attempt === 1 ? name : `${name}-${attempt}`);
    try {
      mkdirSync(path, { mode: 0o700 });
      syncDirectory(parent);
      return path;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  }
}

/** Flushes the content of a file (fsync(2)). Never of an open database: closing it here would drop SQLite's locks. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** Flushes the names in a directory; Windows has no such call and needs none. */
export function syncDirectory(path: string): void {
  if (process.platform !== 'win32') sync(path, 'r');
}

/** Writes a small file so that its name stands for all of `content` whenever the power fails. */
export function writeDurably(path: string, content: string): void {
  const partial = `${path}.partial`;
  writeFileSync(partial, content, { mode: 0o600 });
  syncFile(partial);
  renameSync(partial, path);
  syncDirectory(dirname(path));
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
