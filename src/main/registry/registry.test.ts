import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeviceFilter, type DeviceId, devicePageRequest, newDevice } from '../../shared/model/index.ts';
import { type DataFolder, openDataFolder } from '../data/index.ts';
import { createSqliteRegistry, type DeviceRegistry } from './index.ts';

let dataDir: string;
let folder: DataFolder;
let registry: DeviceRegistry;
let changes: number;
let nowMs: number;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-registry-'));
  folder = openDataFolder(dataDir);
  changes = 0;
  nowMs = Date.parse('2026-03-01T00:00:00Z');
  registry = createSqliteRegistry(folder.database, { now: () => nowMs }, () => {
    changes += 1;
  });
});
afterEach(() => {
  folder.close();
  rmSync(dataDir, { recursive: true });
});

const add = (given: object) => registry.add(newDevice.parse({ address: '192.0.2.1', ...given }));
const page = (request: object) => registry.list(devicePageRequest.parse(request));
const namesOf = (filter: DeviceFilter) => page({ filter }).devices.map(({ name }) => name);
const failsWith = (code: string) => expect.objectContaining({ code });

describe('one device', () => {
  it('is kept as it was given, with an id and its times', () => {
    const added = add({ name: ' Gateway 7 ', metadata: { rack: '4', deep: { list: [1, null] } } });
    expect(added).toMatchObject({ name: 'Gateway 7', status: 'unknown', createdAt: '2026-03-01T00:00:00.000Z' });
    expect(registry.get(added.id)).toEqual(added);
    expect(changes).toBe(1);
  });

  it('keeps its id to itself', () => {
    add({ id: 'gw', name: 'first' });
    expect(() => add({ id: 'gw', name: 'second' })).toThrowError(failsWith('CONFLICT'));
    expect(registry.get('gw' as DeviceId).name).toBe('first');
  });

  it('changes only in the fields given', () => {
    const { id } = add({ name: 'cam', location: 'hall', model: 'M1' });
    nowMs += 1_000;
    const changed = registry.update(id, { location: null, name: 'camera' });
    expect(changed).toMatchObject({
      name: 'camera',
      location: null,
      model: 'M1',
      updatedAt: '2026-03-01T00:00:01.000Z',
    });
    expect(registry.get(id)).toEqual(changed);
  });

  it('is missed by name', () => {
    const nobody = 'nobody' as DeviceId;
    expect(() => registry.get(nobody)).toThrowError(/"nobody"/);
    expect(() => registry.update(nobody, {})).toThrowError(failsWith('DEVICE_NOT_FOUND'));
  });
});

describe('many devices', () => {
  beforeEach(() => {
    add({ id: 'a', name: 'alpha', location: 'north', model: 'R1', status: 'online', metadata: { rack: '4', slot: 2 } });
    add({ id: 'b', name: 'beta', location: 'south', model: 'R1', lastSeen: '2026-02-01T00:00:00Z' });
    add({
      id: 'c',
      name: 'gamma_1',
      location: 'south',
      model: '100%',
      firmwareVersion: '1.2.0',
      address: 'plc.example',
    });
  });

  it.each<[string, object, string[]]>([
    ['status', { status: ['online'] }, ['alpha']],
    ['any of several locations', { location: ['north', 'south'] }, ['alpha', 'beta', 'gamma_1']],
    ['all filters at once', { location: ['south'], model: ['R1'] }, ['beta']],
    ['firmware', { firmwareVersion: '1.2.0' }, ['gamma_1']],
    ['a tag', { tags: { rack: '4' } }, ['alpha']],
    ['a numeric tag', { tags: { slot: '2' } }, ['alpha']],
    ['two tags, one wrong', { tags: { rack: '4', slot: '3' } }, []],
    ['seen before', { seenBefore: '2026-02-02T00:00:00.000Z' }, ['beta']],
    ['seen after', { seenAfter: '2026-02-02T00:00:00.000Z' }, []],
    ['ids', { ids: ['c', 'a'] }, ['alpha', 'gamma_1']],
    ['text in any case and column', { search: 'PLC' }, ['gamma_1']],
    ['each word of a text', { search: 'south r1' }, ['beta']],
    ['a wildcard character as itself', { search: '0%' }, ['gamma_1']],
    ['an underscore as itself', { search: 'a_' }, ['gamma_1']],
  ])('are found by %s', (_, filter, names) => {
    expect(namesOf(filter)).toEqual(names);
  });

  it('are sorted both ways, those without a value last', () => {
    const order = (descending: boolean) =>
      page({ sort: { field: 'lastSeen', descending } }).devices.map(({ id }) => id);
    expect(order(false)[0]).toBe('b');
    expect(order(true)[0]).toBe('b');
    expect(page({ sort: { field: 'name', descending: true } }).devices.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });

  it('come in pages with the total of all', () => {
    const { devices, total } = page({ limit: 1, offset: 1 });
    expect(devices.map(({ id }) => id)).toEqual(['b']);
    expect(total).toBe(3);
  });

  it('are removed all together or not at all', () => {
    const ids = ['a', 'nobody'] as DeviceId[];
    expect(() => registry.remove({ ids })).toThrowError(/"nobody"/);
    expect(page({}).total).toBe(3);
    expect(registry.remove({ filter: { location: ['south'] } })).toBe(2);
    expect(namesOf({})).toEqual(['alpha']);
  });

  it('are selected by id only if all of them exist', () => {
    expect(() => registry.select({ ids: ['a', 'x', 'y'] as DeviceId[] })).toThrowError(/"x", "y"/);
    expect(registry.select({ all: true })).toHaveLength(3);
  });
});

it('undoes work that throws half-way', () => {
  const work = () => {
    add({ name: 'one' });
    throw new Error('half-way');
  };
  expect(() => registry.atomically(work)).toThrowError('half-way');
  expect(page({}).total).toBe(0);
});
