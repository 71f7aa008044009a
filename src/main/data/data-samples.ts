/** Data folders for the tests of backup and restore: whatever is in one says the same word. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataFolder } from './data-folder.ts';
import { type Database, openDatabase } from './database.ts';

export const registryMigrations = ['CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT, pad BLOB) STRICT'];

/** Opens a folder, with its registry, as a running Pushrod has it. */
export function openBoth(dataDir: string) {
  const folder = openDataFolder(dataDir);
  const { registryFile: file, backupDir } = folder;
  const registry = openDatabase({ file, migrations: registryMigrations, backupDir });
  return {
    folder,
    registry,
    close() {
      registry.close();
      folder.close();
    },
  };
}

/** Writes `word` into every part of a folder. */
export function fillWith(dataDir: string, word: string, { devices = 10, padBytes = 100 } = {}): void {
  const { folder, registry, close } = openBoth(dataDir);
  folder.database.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)').run('word', word);
  registry.transaction(() => {
    registry.exec('DELETE FROM devices');
    const insert = registry.prepare('INSERT INTO devices (name, pad) VALUES (?, randomblob(?))');
    for (let index = 0; index < devices; index++) insert.run(word, padBytes);
  })();
  close();
  writeFileSync(folder.knownHostsFile, word);
  writeFileSync(folder.knownCertificatesFile, word);
  const hash = createHash('sha256').update(word).digest('hex');
  const shelf = join(folder.firmwareDir, hash.slice(0, 2));
  mkdirSync(shelf, { recursive: true });
  writeFileSync(join(shelf, hash), word);
}

/** The words a folder says, each part's once: one word when it is whole. Every page of its databases is checked. */
export function wordsOf(dataDir: string): string[] {
  const { folder, registry, close } = openBoth(dataDir);
  try {
    const words = (database: Database, sql: string) => database.prepare<[], string>(sql).pluck().all();
    const said = [
      ...words(folder.database, "SELECT value FROM settings WHERE name = 'word'"),
      ...words(registry, 'SELECT DISTINCT name FROM devices'),
      readFileSync(folder.knownHostsFile, 'utf8'),
      readFileSync(folder.knownCertificatesFile, 'utf8'),
      ...firmwareIn(folder.firmwareDir),
      ...[folder.database, registry].map((database) => database.pragma('integrity_check', { simple: true }) as string),
    ];
    return [...new Set(said)].filter((word) => word !== 'ok');
  } finally {
    close();
  }
}

function firmwareIn(firmwareDir: string): string[] {
  return readdirSync(firmwareDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
}
