import { join } from 'node:path';

/** Version of the folder's layout, not of a database's schema. */
export const layoutVersion = 1;

export const mainDatabase = 'pushrod.db';
export const registryDatabase = 'registry.db';
export const databaseNames = [mainDatabase, registryDatabase] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** What SQLite keeps beside a database (sqlite.org/tempfiles.html), without which a moved one is not whole. */
export const sidecars = ['-wal', '-shm', '-journal'] as const;

/** Where things lie in a data folder. */
export function layoutOf(dataDir: string) {
  return {
    versionFile: join(dataDir, 'version'),
    databaseFile: join(dataDir, mainDatabase),
    registryFile: join(dataDir, registryDatabase),
    firmwareDir: join(dataDir, 'firmware'),
    knownHostsFile: join(dataDir, 'known_hosts'),
    knownCertificatesFile: join(dataDir, 'known_certificates'),
    secretKeyFile: join(dataDir, 'secret.key'),
    backupDir: join(dataDir, 'backups'),
    /** Says which restore is under way; while it is there, the folder is between two states. */
    restoreJournal: join(dataDir, 'restore.json'),
    /** What a restore is about to move in place. */
    stagingDir: join(dataDir, 'restore.partial'),
  };
}

/** A moment as a part of file names: ISO 8601 without what Windows forbids. */
export function fileTime(ms: number): string {
  return new Date(ms).toISOString().replaceAll(':', '');
}
