import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DeviceRegistry } from '../../src/main/registry/index.ts';
import type { Device, DeviceFilter, RemovalId } from '../../src/shared/model/index.ts';
import { anyDevice, anyDevices, anyFilter, anySort } from './device-registry-arbitraries.ts';
import { callsOf, idsOf } from './device-registry-calls.ts';
import { matches, sorted } from './device-registry-model.ts';

/** Holds a registry against a plain list, with filters, orders and changes that nobody thought of. */
export function describeProperties(opened: () => DeviceRegistry, runs: number): void {
  it('answers any filter, sort and page as a plain list would', async () => {
    const cases = fc.asyncProperty(
      fc.tuple(
        anyDevices,
        fc.array(
          fc.record({
            filter: anyFilter,
            sort: anySort,
            limit: fc.integer({ min: 1, max: 9 }),
            offset: fc.integer({ min: 0, max: 12 }),
          }),
          { minLength: 3, maxLength: 6 },
        ),
      ),
      async ([devices, requests]) => {
        const registry = opened();
        const { put, page, everything } = callsOf(registry);
        await registry.remove({ all: true });
        await put(devices);
        const all = await everything();
        for (const { filter, sort, limit, offset } of requests) {
          const expected = sorted(
            all.filter((device) => matches(device, filter)),
            sort,
          );
          const found = await page({ filter, sort, limit, offset });
          expect(idsOf(found)).toEqual(expected.slice(offset, offset + limit).map(({ id }) => id));
          expect(found.total).toBe(expected.length);
          const walked: string[] = [];
          for (let after: string | undefined; ; ) {
            const next = await page({ filter, sort, limit, after });
            walked.push(...idsOf(next));
            if (next.nextCursor === null) break;
            after = next.nextCursor;
          }
          expect(walked).toEqual(expected.map(({ id }) => id));
          const { total, location } = await registry.facets(filter);
          expect(total).toBe(expected.length);
          expect(location.distinct).toBe(new Set(expected.map((device) => device.location)).size);
        }
      },
    );
    await fc.assert(cases, { numRuns: runs });
  });

  it('stays true to a plain list through any changes', async () => {
    type Step = ['put', object] | ['change', DeviceFilter, object] | ['remove', DeviceFilter] | ['undo'];
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.tuple(
        fc.constant('put' as const),
        anyDevice.map((device) => device as object),
      ),
      fc.tuple(
        fc.constant('change' as const),
        anyFilter,
        anyDevice.map(({ location, status, metadata }) => ({ location, status, metadata })),
      ),
      fc.tuple(fc.constant('remove' as const), anyFilter),
      fc.tuple(fc.constant('undo' as const)),
    );
    const runSteps = fc.asyncProperty(anyDevices, fc.array(step, { maxLength: 12 }), async (devices, steps) => {
      const registry = opened();
      const { put, page, everything } = callsOf(registry);
      await registry.remove({ all: true });
      await put(devices);
      let model = new Map((await everything()).map((device) => [device.id, device]));
      let undo: { removalId: RemovalId; devices: Device[] } | undefined;
      for (const [kind, ...given] of steps) {
        const selected = () => [...model.values()].filter((device) => matches(device, given[0] as DeviceFilter));
        if (kind === 'put') {
          await put([given[0] as object], { onConflict: 'skip' });
          model = new Map((await everything()).map((device) => [device.id, device]));
        } else if (kind === 'change') {
          const chosen = selected();
          expect(await registry.change({ filter: given[0] as DeviceFilter }, given[1] as object)).toBe(chosen.length);
          for (const device of chosen) Object.assign(device, given[1]);
        } else if (kind === 'remove') {
          const chosen = selected();
          const { removed, removalId } = await registry.remove({ filter: given[0] as DeviceFilter });
          expect(removed).toBe(chosen.length);
          if (removed > 0) undo = { removalId, devices: chosen };
          for (const { id } of chosen) model.delete(id);
        } else if (undo) {
          await registry.restore(undo.removalId);
          for (const device of undo.devices) model.set(device.id, device);
          undo = undefined;
        }
      }
      const expected = sorted([...model.values()], { field: 'name', descending: false });
      expect(await everything()).toEqual(expected);
      expect((await registry.facets({})).total).toBe(expected.length);
      for (const location of new Set(expected.map((device) => device.location))) {
        const { total } = await page({ filter: { location: [location] }, limit: 1 });
        expect(total).toBe(expected.filter((device) => device.location === location).length);
      }
    });
    await fc.assert(runSteps, { numRuns: runs });
  });
}
