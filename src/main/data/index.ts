export { type Clock, systemClock } from './clock.ts';
export { type DataFolder, openDataFolder } from './data-folder.ts';
export { type Database, inTransaction } from './database.ts';
export { defaultDataDir } from './default-data-dir.ts';
