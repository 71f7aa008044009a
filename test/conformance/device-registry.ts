import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceRegistry, PutRow, RegistryContext } from '../../src/main/registry/index.ts';
import { type DeviceFilter, type DeviceId, newDevice, type RemovalId } from '../../src/shared/model/index.ts';
import { callsOf, idsOf, rowOf } from './device-registry-calls.ts';
import { testContext } from './device-registry-model.ts';
import { describeProperties } from './device-registry-properties.ts';

interface OpenRegistry {
  registry: DeviceRegistry;
  close(): Promise<void>;
}

/** From so many rows on an adapter may fill in another way. */
const many = 6_000;

/** What every adapter of {@link DeviceRegistry} must do. Each `open` gives an empty registry. */
export function describeDeviceRegistry(
  name: string,
  open: (context: RegistryContext) => Promise<OpenRegistry>,
  { runs = 150 }: { runs?: number } = {},
): void {
  describe(name, () => {
    let context: ReturnType<typeof testContext>;
    let opened: OpenRegistry;
    let registry: DeviceRegistry;
    let calls: ReturnType<typeof callsOf>;

    beforeEach(async () => {
      context = testContext();
      opened = await open(context);
      registry = opened.registry;
      calls = callsOf(registry);
    });
    afterEach(() => opened.close());

    const put: typeof calls.put = (...given) => calls.put(...given);
    const page: typeof calls.page = (...given) => calls.page(...given);
    const read: typeof calls.read = (...given) => calls.read(...given);
    const namesOf: typeof calls.namesOf = (...given) => calls.namesOf(...given);
    const everything = () => calls.everything();

    describe('one device', () => {
      it('is kept as it was given, with an id and its times', async () => {
        const metadata = { rack: '4', deep: { list: [1, null] } };
        await put([{ name: ' Gateway 7 ', metadata }]);
        const device = await registry.get('made-1' as DeviceId);
        expect(device).toEqual({
          ...newDevice.parse({ name: 'Gateway 7', address: '192.0.2.1', metadata }),
          id: 'made-1',
          createdAt: '2026-03-01T00:00:00.000Z',
          updatedAt: '2026-03-01T00:00:00.000Z',
        });
        expect(context.changes).toBe(1);
      });

      it('changes only in the fields given', async () => {
        await put([{ id: 'a', name: 'cam', location: 'hall', model: 'M1' }]);
        context.nowMs += 1_000;
        expect(await registry.change({ ids: ['a' as DeviceId] }, { location: null, name: 'camera' })).toBe(1);
        expect(await registry.get('a' as DeviceId)).toMatchObject({
          ...{ name: 'camera', location: null, model: 'M1' },
          ...{ createdAt: '2026-03-01T00:00:00.000Z', updatedAt: '2026-03-01T00:00:01.000Z' },
        });
      });

      it('is missed by its id', async () => {
        const nobody = ['nobody' as DeviceId, 'noone' as DeviceId];
        await expect(registry.get('nobody' as DeviceId)).rejects.toThrowError(/"nobody"/);
        await expect(registry.change({ ids: nobody }, {})).rejects.toThrowError(/"nobody", "noone"/);
        await expect(registry.remove({ ids: nobody })).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
        await expect(read({ ids: nobody })).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
        expect(await registry.change({ filter: { ids: nobody } }, { model: 'X' })).toBe(0);
        expect(context.changes).toBe(0);
      });
    });

    describe('several devices', () => {
      beforeEach(async () => {
        await put([
          {
            id: 'a',
            name: 'alpha',
            location: 'north',
            model: 'R1',
            status: 'online',
            metadata: { rack: '4', slot: 2 },
          },
          { id: 'b', name: 'beta', location: 'south', model: 'R1', lastSeen: '2026-02-01T00:00:00Z' },
          {
            ...{ id: 'c', name: 'gamma_1', location: 'south', model: '100%', firmwareVersion: '1.10.0' },
            ...{ address: 'plc.example', metadata: { rack: '40', on: true, site: 'Zürich' } },
          },
        ]);
      });

      it.each<[string, DeviceFilter, string[]]>([
        ['status', { status: ['online'] }, ['alpha']],
        ['any of several locations', { location: ['north', 'south'] }, ['alpha', 'beta', 'gamma_1']],
        ['having no firmware version', { firmwareMin: '' }, ['alpha', 'beta', 'gamma_1']],
        ['all filters at once', { location: ['south'], model: ['R1'] }, ['beta']],
        ['firmware', { firmwareVersion: ['1.10.0', '9.9'] }, ['gamma_1']],
        ['firmware, or none', { firmwareVersion: ['1.10.0', null] }, ['alpha', 'beta', 'gamma_1']],
        ['a least firmware, by meaning', { firmwareMin: '1.9' }, ['gamma_1']],
        ['a greatest firmware, inclusive', { firmwareMax: 'v1.10' }, ['gamma_1']],
        ['a firmware before this one', { firmwareBelow: 'v1.10' }, []],
        ['a firmware before a later one', { firmwareBelow: '1.11' }, ['gamma_1']],
        ['a firmware after this one', { firmwareAbove: '1.10' }, []],
        ['a firmware after an earlier one', { firmwareAbove: '1.9' }, ['gamma_1']],
        ['a tag', { tags: { rack: '4' } }, ['alpha']],
        ['a numeric tag', { tags: { slot: '2' } }, ['alpha']],
        ['a boolean tag', { tags: { on: 'true' } }, ['gamma_1']],
        ['two tags, one wrong', { tags: { rack: '4', slot: '3' } }, []],
        ['seen before', { seenBefore: '2026-02-02T00:00:00.000Z' }, ['beta']],
        ['seen after', { seenAfter: '2026-02-02T00:00:00.000Z' }, []],
        ['ids', { ids: ['c', 'a'] as DeviceId[] }, ['alpha', 'gamma_1']],
        ['no value given', { location: [] }, []],
        ['all but some', { location: ['south'], exceptIds: ['b', 'nobody'] as DeviceId[] }, ['gamma_1']],
        ['all but none', { location: ['south'], exceptIds: [] }, ['beta', 'gamma_1']],
        ['an empty version', { firmwareVersion: [''] }, []],
        ['text in any case and column', { search: 'PLC' }, ['gamma_1']],
        ['text in the middle of a word', { search: 'lph' }, ['alpha']],
        ['two characters', { search: 'lp' }, ['alpha']],
        ['the last character', { search: '_1' }, ['gamma_1']],
        ['one character', { search: 'g' }, ['gamma_1']],
        ['a tag as text', { search: 'rack=4' }, ['alpha', 'gamma_1']],
        ['text without its accents', { search: 'ZURICH' }, ['gamma_1']],
        ['each word of a text', { search: 'south r1' }, ['beta']],
        ['a wildcard character as itself', { search: '0%' }, ['gamma_1']],
        ['an underscore as itself', { search: 'a_' }, ['gamma_1']],
        ['a quote as itself', { search: '"' }, []],
      ])('are found by %s', async (_, filter, names) => {
        expect(await namesOf(filter)).toEqual(names);
      });

      it('are sorted both ways, those without a value last', async () => {
        const order = async (descending: boolean) => idsOf(await page({ sort: { field: 'lastSeen', descending } }));
        expect(await order(false)).toEqual(['b', 'a', 'c']);
        expect(await order(true)).toEqual(['b', 'c', 'a']);
        expect(idsOf(await page({ sort: { field: 'name', descending: true } }))).toEqual(['c', 'b', 'a']);
      });

      it('end before an offset beyond all of them', async () => {
        expect(await page({ offset: 3_000_000_000 })).toMatchObject({ devices: [], total: 3, nextCursor: null });
      });

      it('come in pages with the total of all', async () => {
        const { devices, total } = await page({ limit: 1, offset: 1 });
        expect(devices.map(({ id }) => id)).toEqual(['b']);
        expect(total).toBe(3);
      });

      it('are removed all together or not at all', async () => {
        await expect(registry.remove({ ids: ['a', 'nobody'] as DeviceId[] })).rejects.toThrowError(/"nobody"/);
        expect((await page()).total).toBe(3);
        expect(await registry.remove({ filter: { location: ['south'] } })).toMatchObject({ removed: 2 });
        expect(await namesOf({})).toEqual(['alpha']);
        expect(await namesOf({ search: 'gamma' })).toEqual([]);
      });

      it('come back as they were when a removal is undone, once', async () => {
        const before = await everything();
        const { removalId } = await registry.remove({ filter: { location: ['south'] } });
        context.nowMs += 5_000;
        expect(await registry.restore(removalId)).toBe(2);
        expect(await everything()).toEqual(before);
        expect(await namesOf({ search: 'gamma', tags: { rack: '40' } })).toEqual(['gamma_1']);
        await expect(registry.restore(removalId)).rejects.toMatchObject({ code: 'CONFLICT' });
      });

      it('stay removed when an id was taken again, or another removal came after', async () => {
        const { removalId } = await registry.remove({ ids: ['a', 'b'] as DeviceId[] });
        await put([{ id: 'b', name: 'new' }]);
        await expect(registry.restore(removalId)).rejects.toMatchObject({ code: 'CONFLICT' });
        expect(await namesOf({})).toEqual(['gamma_1', 'new']);
        await registry.remove({ ids: ['c' as DeviceId] });
        await expect(registry.restore(removalId)).rejects.toMatchObject({ code: 'CONFLICT' });
        await expect(registry.restore('never' as RemovalId)).rejects.toMatchObject({ code: 'CONFLICT' });
      });

      it('change together, and are found by what they became', async () => {
        expect(
          await registry.change({ filter: { location: ['south'] } }, { location: 'east', metadata: { rack: '9' } }),
        ).toBe(2);
        expect(await namesOf({ location: ['east'], tags: { rack: '9' }, search: 'rack=9' })).toEqual([
          'beta',
          'gamma_1',
        ]);
        expect(await namesOf({ location: ['south'] })).toEqual([]);
        expect(await namesOf({ search: 'zurich' })).toEqual([]);
      });

      it('are counted by each value', async () => {
        await registry.change({ ids: ['b' as DeviceId] }, { location: null });
        expect(await registry.facets({})).toEqual({
          total: 3,
          status: {
            values: [
              { value: 'unknown', count: 2 },
              { value: 'online', count: 1 },
            ],
            distinct: 2,
          },
          location: {
            values: [
              { value: 'north', count: 1 },
              { value: 'south', count: 1 },
              { value: null, count: 1 },
            ],
            distinct: 3,
          },
          model: {
            values: [
              { value: 'R1', count: 2 },
              { value: '100%', count: 1 },
            ],
            distinct: 2,
          },
          firmwareVersion: {
            values: [
              { value: null, count: 2 },
              { value: '1.10.0', count: 1 },
            ],
            distinct: 2,
          },
        });
        expect(await registry.facets({ search: 'gamma' })).toMatchObject({
          total: 1,
          location: { values: [{ value: 'south', count: 1 }], distinct: 1 },
        });
      });

      it('are read by name', async () => {
        expect((await read({ ids: ['c', 'a'] as DeviceId[] })).map(({ id }) => id)).toEqual(['a', 'c']);
        expect((await read({ filter: { model: ['R1'] } })).map(({ id }) => id)).toEqual(['a', 'b']);
      });
    });

    describe('rows that are put', () => {
      it('are all taken in, or none when one has a fault', async () => {
        const rows: PutRow[] = [
          rowOf({ id: 'a', name: 'first' }, 2),
          { line: 3, faults: [{ line: 3, field: 'address', message: 'is empty' }] },
          rowOf({ id: 'a', name: 'again' }, 4),
          rowOf({ name: 'same' }, 5),
          rowOf({ name: 'same' }, 6),
        ];
        const { faults, ...counts } = await registry.put([rows], { onConflict: 'update' });
        expect(faults).toEqual([
          { line: 3, field: 'address', message: 'is empty' },
          { line: 4, field: 'id', message: '"a" is already on line 2' },
          { line: 6, field: 'name', message: '"same" at 192.0.2.1 is already on line 5' },
        ]);
        expect(counts).toEqual({ added: 0, updated: 0, skipped: 0 });
        expect(await everything()).toEqual([]);
        expect(context.changes).toBe(0);
      });

      it('that name one device twice, by its id and by its name, have a fault', async () => {
        await put([{ id: 'a', name: 'alpha' }]);
        const twice = [
          { id: 'a', name: 'alpha', model: 'R1' },
          { name: 'alpha', model: 'R2' },
        ];
        for (const rows of [twice, twice.toReversed()]) {
          const { faults } = await put(rows, { onConflict: 'update' });
          expect(faults).toMatchObject([{ line: 2, message: expect.stringContaining('already on line 1') }]);
        }
        expect(await registry.get('a' as DeviceId)).toMatchObject({ model: null });
      });

      it('meet what is registered: a fault, skipped, or an update of the fields given', async () => {
        await put([
          { id: 'a', name: 'alpha', model: 'R1' },
          { name: 'beta', model: 'R1' },
        ]);
        const again = [
          { id: 'a', name: 'Alpha' },
          { name: 'beta', location: 'roof' },
          { id: 'c', name: 'gamma' },
        ];
        const { faults } = await put(again);
        expect(faults.map(({ line, field }) => [line, field])).toEqual([
          [1, 'id'],
          [2, 'name'],
        ]);
        expect(await put(again, { onConflict: 'update', dryRun: true })).toMatchObject({
          added: 1,
          updated: 2,
          skipped: 0,
        });
        expect(await namesOf({})).toEqual(['alpha', 'beta']);
        expect(await put(again, { onConflict: 'skip' })).toMatchObject({ added: 1, updated: 0, skipped: 2 });
        expect(await namesOf({ model: ['R1'] })).toEqual(['alpha', 'beta']);
        expect(await put(again, { onConflict: 'update' })).toMatchObject({ added: 0, updated: 3, skipped: 0 });
        expect(await namesOf({ model: ['R1'] })).toEqual(['Alpha', 'beta']);
        expect(await namesOf({ location: ['roof'] })).toEqual(['beta']);
      });

      it('leave no trace when their source fails or the work is cancelled', async () => {
        async function* broken(): AsyncGenerator<PutRow[]> {
          yield [rowOf({ name: 'one' }, 1)];
          throw new Error('the file went away');
        }
        await expect(registry.put(broken(), { onConflict: 'fail' })).rejects.toThrowError('the file went away');
        const abort = new AbortController();
        async function* cancelled(): AsyncGenerator<PutRow[]> {
          yield [rowOf({ name: 'one' }, 1)];
          abort.abort(new Error('enough'));
          for (let index = 0; ; index += 1) yield [rowOf({ name: `more-${index}` }, index)];
        }
        const work = registry.put(cancelled(), { onConflict: 'fail', signal: abort.signal });
        await expect(work).rejects.toThrowError('enough');
        expect(await everything()).toEqual([]);
        expect(await put([{ name: 'later' }])).toMatchObject({ added: 1, faults: [] });
      });

      it('may be many, into an empty registry and on top of others', async () => {
        const rows = (from: number) =>
          Array.from({ length: many }, (_, index) => ({
            ...{ id: `d${from + index}`, name: `device ${from + index}`, address: '192.0.2.1' },
            ...{ location: `Hall ${index % 7}`, status: index % 3 === 0 ? 'online' : 'offline' },
            metadata: { rack: `${index % 5}` },
          }));
        await put([
          { id: 'd7', name: 'here before', model: 'R1' },
          { id: 'other', name: 'other' },
        ]);
        const told: number[] = [];
        const first = await put(rows(0), { onConflict: 'update', onProgress: (count) => told.push(count) });
        expect(first).toMatchObject({ added: many - 1, updated: 1, faults: [] });
        expect(told.at(-1)).toBe(many);
        expect(await put(rows(many))).toMatchObject({ added: many, faults: [] });
        const { total } = await page({
          filter: { location: ['Hall 3'], tags: { rack: '3' }, search: 'device' },
          limit: 1,
        });
        const expected = [...rows(0), ...rows(many)].filter(
          ({ location, metadata }) => location === 'Hall 3' && metadata.rack === '3',
        );
        expect(total).toBe(expected.length);
        expect(await registry.get('d7' as DeviceId)).toMatchObject({ name: 'device 7', model: 'R1' });
        expect((await registry.facets({})).total).toBe(2 * many + 1);
        const { removalId, removed } = await registry.remove({ all: true });
        expect(removed).toBe(2 * many + 1);
        expect(await registry.facets({})).toMatchObject({ total: 0, location: { values: [], distinct: 0 } });
        expect(await registry.restore(removalId)).toBe(removed);
        expect((await page({ filter: { search: 'device 11' }, limit: 1 })).total).toBe(
          [...rows(0), ...rows(many)].filter(({ name }) => name.includes('11')).length,
        );
      });
    });

    describe('pages', () => {
      it('refuse a cursor that is garbage or of another sort', async () => {
        await put([{ name: 'a' }, { name: 'b' }]);
        const { nextCursor } = await page({ limit: 1 });
        for (const after of ['garbage', 'e30', `${nextCursor}`]) {
          const sort = { field: 'status', descending: false };
          await expect(page({ after, sort })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
        }
        expect((await page({ after: nextCursor ?? '' })).devices.map(({ name }) => name)).toEqual(['b']);
      });

      it('give each device that stays exactly once, while others come and go', async () => {
        await put(
          Array.from({ length: 40 }, (_, index) => ({
            id: `d${index}`,
            name: `n${index}`,
            location: index % 3 ? 'x' : undefined,
          })),
        );
        for (const field of ['name', 'location', 'lastSeen'] as const) {
          const seen: string[] = [];
          let after: string | undefined;
          for (let turn = 0; ; turn += 1) {
            const { devices, nextCursor } = await page({ limit: 7, after, sort: { field, descending: true } });
            seen.push(...devices.map(({ id }) => id).filter((id) => id.startsWith('d')));
            if (nextCursor === null) break;
            after = nextCursor;
            await put([{ id: `new-${field}-${turn}`, name: `n${turn}`, location: 'x' }]);
            await registry.remove({ filter: { ids: [`new-${field}-${turn - 1}` as DeviceId] } });
          }
          expect(seen.toSorted()).toEqual(Array.from({ length: 40 }, (_, index) => `d${index}`).toSorted());
        }
      });
    });

    describeProperties(() => registry, runs);
  });
}
