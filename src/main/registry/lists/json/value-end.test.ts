import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TooDeep, valueEnd } from './value-end.ts';

it('finds the end of any JSON value', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(',', ']', '}', ' ', '\n'), (json, after) => {
      expect(valueEnd(`[${json}${after}"}`, 1)).toBe(json.length + 1);
    }),
  );
});

it('does not find the end of a value that is cut off', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, cut) => {
      expect(valueEnd(json.slice(0, cut % json.length), 0)).toBe(-1);
    }),
  );
});

it('says where a value gets too deep', () => {
  const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '}]'.repeat(depth / 2);
  expect(valueEnd(nested(100), 0)).toBe(nested(100).length);
  expect(() => valueEnd(nested(102), 0)).toThrow(TooDeep);
  expect(() => valueEnd(nested(60_000), 0)).toThrow(expect.objectContaining({ offset: 300 }));
});
