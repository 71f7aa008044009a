import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLine } from './line.ts';

const things = Array.from({ length: 20 }, (_, id) => ({ id }));
const thing = fc.constantFrom(...things);

it('is as a set, whoever comes, leaves and comes again', () => {
  const step = fc.record({ one: thing, comes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 3_000, size: 'max' }), (steps) => {
      const line = createLine<(typeof things)[number]>();
      const set = new Set<(typeof things)[number]>();
      for (const { one, comes } of steps) {
        if (comes) for (const each of [line, set]) each.add(one);
        else for (const each of [line, set]) each.delete(one);
        expect([...line]).toEqual([...set]);
      }
    }),
    { numRuns: 10 },
  );
});

it('goes on with those that stood there, while all of them leave', () => {
  const line = createLine<{ id: number }>();
  const many = Array.from({ length: 5_000 }, (_, id) => ({ id }));
  for (const one of many) line.add(one);
  const passed: { id: number }[] = [];
  for (const one of line) {
    passed.push(one);
    line.delete(one);
  }
  expect(passed).toEqual(many);
  expect([...line]).toEqual([]);
});
