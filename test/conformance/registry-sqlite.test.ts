import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createSqliteRegistry, registryMigrations } from '../../src/main/registry/index.ts';
import { describeDeviceRegistry } from './device-registry.ts';

describeDeviceRegistry('the registry in SQLite', async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-registry-'));
  const file = join(dir, 'registry.db');
  const write = new Sqlite(file);
  write.pragma('journal_mode = WAL');
  for (const sql of registryMigrations) write.exec(sql);
  const openRead = () => new Sqlite(file, { readonly: true });
  const read = openRead();
  const registry = createSqliteRegistry({ write, read, openRead }, context);
  return {
    registry,
    async close() {
      read.close();
      write.close();
      rmSync(dir, { recursive: true });
    },
  };
});
