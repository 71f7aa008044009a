import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PushrodError } from '../../shared/errors.ts';
import { type DeviceId, devicePageRequest, type ImportRequest, importRequest } from '../../shared/model/index.ts';
import { type DataFolder, openDataFolder, systemClock } from '../data/index.ts';
import { createSqliteRegistry, type DeviceRegistry, importDevices } from './index.ts';

let dataDir: string;
let folder: DataFolder;
let registry: DeviceRegistry;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-import-'));
  folder = openDataFolder(dataDir);
  registry = createSqliteRegistry(folder.database, systemClock, () => undefined);
});
afterEach(() => {
  folder.close();
  rmSync(dataDir, { recursive: true });
});

const importCsv = (content: string, options: Partial<ImportRequest> = {}) =>
  importDevices(registry, importRequest.parse({ format: 'csv', content, ...options }));
const everything = () => registry.list(devicePageRequest.parse({}));
function detailsOf(content: string, options: Partial<ImportRequest> = {}) {
  try {
    importCsv(content, options);
  } catch (thrown) {
    if (thrown instanceof PushrodError) return thrown.details;
  }
  return expect.fail('the import should have been refused');
}

it('takes every column, tags, a byte-order mark and Windows line ends', () => {
  const content =
    '\uFEFFid,name,address,status,last_seen,firmware_version,location,model,profile,metadata,tag:rack\r\n' +
    'gw-1,Gateway,192.0.2.1:22,online,2026-03-29T03:00:00+02:00,1.0,hall,G7,copy,"{""slot"":2}",4\r\n';
  expect(importCsv(content)).toEqual({ added: 1, updated: 0, skipped: 0 });
  expect(registry.get('gw-1' as DeviceId)).toMatchObject({
    lastSeen: '2026-03-29T01:00:00.000Z',
    metadata: { slot: 2, rack: '4' },
    profile: 'copy',
  });
});

it('takes semicolons and line breaks inside quotes', () => {
  importCsv('name;address\n"two\nlines";192.0.2.1\nb;192.0.2.2\n');
  expect(everything().devices.map(({ name }) => name)).toEqual(['b', 'two\nlines']);
});

it('lists every bad row with line, field and fix, and imports nothing', () => {
  const details = detailsOf('name,address,status\nok,192.0.2.1,\n,192.0.2.2,\nbad,192.0.2.300,asleep\n');
  expect(details).toEqual([
    { line: 3, field: 'name', message: expect.stringContaining('name is empty') },
    { line: 4, field: 'address', message: expect.stringContaining('192.0.2.300') },
    { line: 4, field: 'status', message: expect.any(String) },
  ]);
  expect(everything().total).toBe(0);
});

it('gives the right line after a record of several lines', () => {
  expect(detailsOf('name,address\n"a\nb",192.0.2.1\nc,\n')).toEqual([
    expect.objectContaining({ line: 4, field: 'address' }),
  ]);
});

it.each([
  ['', 'empty'],
  ['name\nx\n', 'required'],
  ['name,address,colour\nx,y,red\n', 'is not a column'],
  ['name,name,address\nx,x,y\n', 'twice'],
  ['name,address\nx,y,z\n', '3 fields'],
  ['name,address\n"x,y\n', 'uote'],
  ['name,address,metadata\nx,y,{rack}\n', 'not JSON'],
])('says what is wrong with %j', (content, problem) => {
  expect(JSON.stringify(detailsOf(content))).toContain(problem);
});

it('refuses an id that appears twice in the list', () => {
  expect(detailsOf('id,name,address\na,x,h\na,y,h\n')).toEqual([
    { line: 3, field: 'id', message: expect.stringContaining('line 2') },
  ]);
});

it('meets devices that are already registered as it is told to', () => {
  importCsv('id,name,address,location\na,old,192.0.2.1,hall\n');
  const again = 'id,name,address\na,new,192.0.2.9\nb,fresh,192.0.2.2\n';
  expect(detailsOf(again)).toEqual([expect.objectContaining({ line: 2, field: 'id' })]);
  expect(importCsv(again, { onConflict: 'update', dryRun: true })).toEqual({ added: 1, updated: 1, skipped: 0 });
  expect(everything().total).toBe(1);
  expect(importCsv(again, { onConflict: 'skip' })).toEqual({ added: 1, updated: 0, skipped: 1 });
  expect(registry.get('a' as DeviceId).name).toBe('old');
  expect(importCsv(again, { onConflict: 'update' })).toEqual({ added: 0, updated: 2, skipped: 0 });
  expect(registry.get('a' as DeviceId)).toMatchObject({ name: 'new', address: '192.0.2.9', location: 'hall' });
});
