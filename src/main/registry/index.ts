export { importDevices } from './import.ts';
export type { DeviceRegistry } from './registry.ts';
export { createSqliteRegistry } from './sqlite/sqlite-registry.ts';
