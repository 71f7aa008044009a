export {
  type AuditHead,
  type AuditRow,
  auditHeadSetting,
  auditHeadText,
  chainHash,
  chainStart,
  prepareChaining,
  readAuditHead,
} from './audit-chain.ts';
export { type BackupOptions, backUp } from './backup.ts';
export { type Clock, systemClock } from './clock.ts';
export { noteDamage } from './damage.ts';
export { type DataFolder, openDataFolder } from './data-folder.ts';
export {
  type Database,
  type DatabaseOptions,
  databaseFailure,
  inTransaction,
  openBeside,
  openDatabase,
} from './database.ts';
export { defaultDataDir } from './default-data-dir.ts';
export type { Migration, OnMigrating } from './migrate.ts';
export { holdsData, type Restored, type RestoreOptions, restore } from './restore.ts';
export { createSetting, type Setting } from './setting.ts';
export type { Backup, Progress } from './write-backup.ts';
