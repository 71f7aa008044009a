import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DeviceId, devicePageRequest } from '../../../shared/model/index.ts';
import { type Database, openDatabase } from '../../data/index.ts';
import type { DeviceRegistry, PutOptions } from '../registry.ts';
import { openReading } from '../sqlite/open-reading.ts';
import { registryMigrations } from '../sqlite/schema.ts';
import { createSqliteRegistry } from '../sqlite/sqlite-registry.ts';
import { readList } from './index.ts';

let folder: string;
let databases: Database[];
let registry: DeviceRegistry;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pushrod-import-'));
  const file = join(folder, 'registry.db');
  const write = openDatabase({ file, backupDir: folder, migrations: registryMigrations });
  const read = openReading(file);
  databases = [write, read];
  let ids = 0;
  const context = { now: () => 0, newId: () => `new-${++ids}`, onChange: () => undefined };
  registry = createSqliteRegistry({ write, read, openRead: () => openReading(file) }, context);
});
afterEach(() => {
  for (const database of databases) database.close();
  rmSync(folder, { recursive: true });
});

const importCsv = (content: string, options: Partial<PutOptions> = {}) =>
  registry.put(readList(content, 'csv'), { onConflict: 'fail', ...options });
const everything = () => registry.list(devicePageRequest.parse({}));
const counts = (added: number, updated: number, skipped: number) => ({ added, updated, skipped, faults: [] });

it('imports nothing of a list with bad rows', async () => {
  const { faults } = await importCsv('name,address,status\nok,192.0.2.1,\n,192.0.2.2,\nbad,192.0.2.300,asleep\n');
  expect(faults.map(({ line }) => line)).toEqual([3, 4, 4]);
  expect((await everything()).total).toBe(0);
});

it('refuses a device that appears twice in the list', async () => {
  expect((await importCsv('id,name,address\na,x,h\na,y,h\n')).faults).toEqual([
    { line: 3, field: 'id', message: expect.stringContaining('line 2') },
  ]);
  expect((await importCsv('name,address\nx,h\ny,h\nx,h\n')).faults).toEqual([
    { line: 4, field: 'name', message: expect.stringContaining('line 2') },
  ]);
});

it('meets devices that are already registered as it is told to', async () => {
  await importCsv('id,name,address,location\na,old,192.0.2.1,hall\n');
  const again = 'id,name,address\na,new,192.0.2.9\nb,fresh,192.0.2.2\n';
  expect((await importCsv(again)).faults).toEqual([expect.objectContaining({ line: 2, field: 'id' })]);
  expect(await importCsv(again, { onConflict: 'update', dryRun: true })).toEqual(counts(1, 1, 0));
  expect((await everything()).total).toBe(1);
  expect(await importCsv(again, { onConflict: 'skip' })).toEqual(counts(1, 0, 1));
  expect((await registry.get('a' as DeviceId)).name).toBe('old');
  expect(await importCsv(again, { onConflict: 'update' })).toEqual(counts(0, 2, 0));
  expect(await registry.get('a' as DeviceId)).toMatchObject({ name: 'new', address: '192.0.2.9', location: 'hall' });
});
