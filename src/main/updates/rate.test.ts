import { expect, it } from 'vitest';
import { createRateMeter } from './rate.ts';

it('measures bytes a second, also after the clock was set back', () => {
  const measure = createRateMeter();
  expect([measure(0, 10_000), measure(500, 10_500), measure(1_000, 11_000)]).toEqual([0, 1_000, 1_000]);
  expect([measure(2_000, 5_000), measure(3_000, 6_000)]).toEqual([0, 1_000]);
});
