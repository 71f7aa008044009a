import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Device, rollout } from '../../shared/model/index.ts';
import { placeDevices, withoutEmptyPhases } from './phases.ts';

const devicesOf = (total: number) => Array.from({ length: total }, (_, index) => ({ id: `${index}` }) as Device);
const sizes = (total: number, phases: object[]) => {
  const placed = placeDevices(devicesOf(total), rollout.parse({ phases }), () => 0);
  return phases.map((_, phase) => placed.filter((one) => one.phase === phase).length);
};
const percent = (value: number) => ({ upTo: { percent: value } });

it('fills each phase up to its share of all devices, rounded up', () => {
  expect(sizes(40, [percent(10), percent(50), percent(100)])).toEqual([4, 16, 20]);
  expect(sizes(3, [percent(1), percent(50), percent(100)])).toEqual([1, 1, 1]);
  expect(sizes(9, [{ upTo: { devices: 2 } }, percent(50), percent(100)])).toEqual([2, 3, 4]);
});

it('leaves out a phase that reaches no further than the one before', () => {
  const left = (total: number, phases: object[]) =>
    withoutEmptyPhases(rollout.parse({ phases }), total).phases.map(({ name, upTo }) => ({
      ...(name && { name }),
      ...upTo,
    }));
  const canaries = { name: 'Canaries', upTo: { devices: 5 } };
  expect(left(1, [percent(10), percent(50), percent(100)])).toEqual([{ percent: 100 }]);
  expect(left(3, [canaries, { upTo: { devices: 10 } }, percent(100)])).toEqual([{ name: 'Canaries', percent: 100 }]);
  expect(left(3, [percent(10), percent(20), percent(100)])).toEqual([{ percent: 10 }, { percent: 100 }]);
  expect(left(20, [percent(50), canaries, percent(100)])).toEqual([{ percent: 50 }, { percent: 100 }]);
  expect(left(40, [percent(10), percent(50), percent(100)])).toHaveLength(3);
});

it('leaves every device with a phase, and no phase without one', () => {
  const share = fc.oneof(
    fc.record({ upTo: fc.record({ devices: fc.integer({ min: 1, max: 60 }) }) }),
    fc.record({ upTo: fc.record({ percent: fc.integer({ min: 1, max: 99 }) }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(share, { maxLength: 6 }), (total, some) => {
      const { data } = rollout.safeParse({ phases: [...some, percent(100)] });
      fc.pre(data !== undefined);
      const { phases } = rollout.parse(withoutEmptyPhases(data, total));
      expect(sizes(total, phases)).not.toContain(0);
      expect(sizes(total, phases).reduce((sum, size) => sum + size, 0)).toBe(total);
    }),
  );
});

it('places every device once, at random in an order of its own', () => {
  const random = rollout.parse({ phases: [percent(30), percent(100)], order: 'random' });
  fc.assert(
    fc.property(
      fc.nat(200),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (total, stream) => {
        const placed = placeDevices(devicesOf(total), random, () => stream.next().value as number);
        expect(new Set(placed.map(({ device }) => device.id)).size).toBe(total);
        expect(placed.map(({ position }) => position)).toEqual(placed.map((_, index) => index));
        expect(placed.filter(({ phase }) => phase === 0).length).toBe(Math.ceil(total * 0.3));
      },
    ),
  );
});
