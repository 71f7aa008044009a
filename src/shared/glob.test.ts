import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitsGlob } from './glob.ts';

it('fits what a regular expression would find', () => {
  const of = (...characters: string[]) => fc.string({ unit: fc.constantFrom(...characters), maxLength: 8 });
  fc.assert(
    fc.property(of('a', 'b', '.'), of('a', 'b', '.', '*', '?'), (text, pattern) => {
      const source = pattern.replaceAll('.', '\\.').replace(/\*+/g, '.*').replaceAll('?', '.');
      expect(fitsGlob(text, pattern)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 2_000 },
  );
});

it('is done at once with a pattern of many stars', () => {
  expect(fitsGlob('a'.repeat(60), `${'*a'.repeat(28)}b`)).toBe(false);
});
