import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDir } from '../../../../test/harness/index.ts';
import { type DeviceId, devicePageRequest, importOptions, newDevice } from '../../../shared/model/index.ts';
import { type Devices, openRegistry } from '../index.ts';

const dir = temporaryDir();
const entry = new URL('./thread.ts', import.meta.url);
const csv = importOptions.parse({ format: 'csv' });
let opened = 0;
let devices: Devices;
let changes: string[];

const open = (file = join(dir, `registry-${++opened}.db`)) =>
  openRegistry({
    place: { kind: 'local', file, backupDir: join(dir, 'backups') },
    entry,
    onChange: (what) => changes.push(what),
  });
const listOf = (count: number) =>
  `id,name,address\n${Array.from({ length: count }, (_, n) => `d${n},device ${n},192.0.2.1`).join('\n')}\n`;
const totalOf = async () => (await devices.list(devicePageRequest.parse({ limit: 1 }))).total;

beforeEach(async () => {
  changes = [];
  devices = await open();
});
afterEach(() => devices.close());

describe('the registry in its thread', () => {
  it('adds, changes and finds devices, and tells that they changed', async () => {
    const added = await devices.add(newDevice.parse({ name: 'gw', address: '192.0.2.1' }));
    expect(await devices.update(added.id, { location: 'roof' })).toMatchObject({ name: 'gw', location: 'roof' });
    expect(await devices.select({ ids: [added.id] })).toEqual([await devices.get(added.id)]);
    expect(changes).toEqual(['devices', 'devices']);
  });

  it('names the devices that an import added where nothing else can have changed, to undo it', async () => {
    const source = { content: 'id,name,address\nown,a,192.0.2.1\n,b,192.0.2.2\n' };
    const { addedIds } = await devices.import(source, csv);
    expect(addedIds).toHaveLength(2);
    expect(addedIds?.[0]).toBe('own');
    expect(await devices.remove({ ids: addedIds ?? [] })).toMatchObject({ removed: 2 });
    expect(await devices.import(source, { ...csv, dryRun: true })).toEqual({ added: 2, updated: 0, skipped: 0 });
    expect(await devices.import(source, { ...csv, onConflict: 'skip' })).toEqual({ added: 2, updated: 0, skipped: 0 });
  });

  it('imports a list by the columns it is given', async () => {
    const options = { ...csv, columns: ['', 'address', 'name'], hasHeadings: false };
    await devices.import({ content: 'x,192.0.2.1,plc-1\n' }, options);
    const { devices: found } = await devices.list(devicePageRequest.parse({}));
    expect(found).toMatchObject([{ name: 'plc-1', address: '192.0.2.1' }]);
  });

  it('refuses a device that is there already, by its id or its name and address, with what was wrong', async () => {
    await devices.add(newDevice.parse({ id: 'a', name: 'gw', address: '192.0.2.1' }));
    for (const again of [
      { id: 'a', name: 'other', address: '192.0.2.2' },
      { name: 'gw', address: '192.0.2.1' },
    ]) {
      await expect(devices.add(newDevice.parse(again))).rejects.toMatchObject({
        code: 'CONFLICT',
        details: [expect.objectContaining({ field: 'id' in again ? 'id' : 'name' })],
      });
    }
    expect(await totalOf()).toBe(1);
  });

  it('imports a list with its progress, and says what is wrong with one', async () => {
    const told: number[] = [];
    const counts = await devices.import({ content: listOf(25_000) }, csv, { onProgress: (done) => told.push(done) });
    expect(counts).toEqual({ added: 25_000, updated: 0, skipped: 0 });
    expect(told.length).toBeGreaterThan(0);
    const bad = devices.import({ content: 'name,address\n,x\nok,a//b\n' }, csv);
    await expect(bad).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: [
        { line: 2, field: 'name' },
        { line: 3, field: 'address' },
      ],
    });
    await expect(devices.import({ path: '/no/such/list' }, csv)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('goes on answering while a long list is being imported', async () => {
    await devices.add(newDevice.parse({ id: 'first', name: 'first', address: '192.0.2.9' }));
    const path = join(dir, 'long.csv');
    writeFileSync(path, listOf(60_000));
    let isOver = false;
    const importing = devices.import({ path }, csv).finally(() => {
      isOver = true;
    });
    let answers = 0;
    while (!isOver) {
      const total = await totalOf();
      expect([1, 60_001]).toContain(total);
      answers += 1;
    }
    await importing;
    expect(answers).toBeGreaterThan(10);
  });

  it('takes an import back when it is cancelled', async () => {
    const cancel = new AbortController();
    const path = join(dir, 'cancelled.csv');
    writeFileSync(path, listOf(60_000));
    const importing = devices.import({ path }, csv, { signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(importing).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await totalOf()).toBe(0);
    expect(await devices.import({ path }, csv)).toMatchObject({ added: 60_000 });
  });

  it('exports piece by piece, at the pace of its reader, from one moment of the registry', async () => {
    await devices.import({ content: listOf(5_000) }, csv);
    let text = '';
    for await (const piece of devices.export('csv', { all: true })) {
      text += piece;
      // The heading comes before the registry is looked at.
      if (text.includes('d0,')) await devices.remove({ all: true });
    }
    expect(text.trim().split('\n')).toHaveLength(5_001);
    expect(await totalOf()).toBe(0);
  });

  it('ends an export whose reader leaves or that is cancelled', async () => {
    await devices.import({ content: listOf(5_000) }, csv);
    for await (const _ of devices.export('json', { all: true })) break;
    const cancel = new AbortController();
    const reading = async () => {
      for await (const _ of devices.export('json', { all: true }, { signal: cancel.signal })) cancel.abort();
    };
    await expect(reading()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await totalOf()).toBe(5_000);
  });

  it('writes notes before it closes, and misses no device that is gone', async () => {
    const file = join(dir, 'noted.db');
    const noting = await open(file);
    await noting.add(newDevice.parse({ id: 'a', name: 'a', address: '192.0.2.1' }));
    const lastSeen = '2026-03-01T00:00:00.000Z';
    noting.note('a' as DeviceId, { status: 'online', lastSeen });
    noting.note('gone' as DeviceId, { status: 'online', lastSeen });
    noting.note('a' as DeviceId, { firmwareVersion: '2.0' });
    await noting.close();
    const again = await open(file);
    expect(await again.get('a' as DeviceId)).toMatchObject({ status: 'online', lastSeen, firmwareVersion: '2.0' });
    await again.close();
  });

  it('writes what many devices were noted for in the same moment as one change', async () => {
    await devices.import({ content: listOf(100) }, csv);
    changes = [];
    for (let n = 0; n < 100; n += 1) {
      const lastSeen = new Date(Date.UTC(2026, 2, 1) + n).toISOString();
      devices.note(`d${n}` as DeviceId, { status: 'online', lastSeen });
    }
    await devices.close();
    expect(changes).toEqual(['devices']);
    devices = await open(join(dir, `registry-${opened}.db`));
    expect((await devices.get('d0' as DeviceId)).lastSeen).toBe('2026-03-01T00:00:00.000Z');
    expect((await devices.get('d99' as DeviceId)).lastSeen).toMatch(/^2026-03-01T00:00:00/);
  });

  it('gives a lease to whoever asks, for the folder has one user', async () => {
    const lease = await devices.leases.acquire('a' as DeviceId);
    if ('heldBy' in lease) throw lease;
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
  });

  it('sets a file aside that is no database, and says where it is', async () => {
    const file = join(dir, 'registry.db');
    writeFileSync(file, 'not a database, but a long enough text to be taken for one '.repeat(100));
    await expect(open(file)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED', message: expect.stringContaining(dir) });
    await (await open(file)).close();
  });
});
