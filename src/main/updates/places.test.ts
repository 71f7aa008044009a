import { expect, it } from 'vitest';
import type { UpdateId } from '../../shared/model/index.ts';
import { createPlaces } from './places.ts';

/** Two updates that each want as many places as they can get. */
function compete(most: number) {
  const places = createPlaces(() => most);
  const held = { a: [] as (() => void)[], b: [] as (() => void)[] };
  const want = (who: 'a' | 'b') => {
    const giveBack = places.tryTake(who as UpdateId, () => want(who));
    if (!giveBack) return;
    held[who].push(giveBack);
    want(who);
  };
  const end = (who: 'a' | 'b') => held[who].shift()?.();
  return { places, held, want, end };
}

it('are all for one update while no other wants any', () => {
  const { held, want } = compete(4);
  want('a');
  expect(held.a).toHaveLength(4);
});

it('are shared evenly once two want them, as those that are taken become free', () => {
  const { held, want, end } = compete(4);
  want('a');
  want('b');
  expect(held.b).toHaveLength(0);
  for (let round = 0; round < 4; round += 1) {
    end('a');
    want('a');
  }
  expect([held.a.length, held.b.length]).toEqual([2, 2]);
});

it('are not kept for an update that does not want them any more', () => {
  const places = createPlaces(() => 1);
  const giveBack = places.tryTake('a' as UpdateId, () => undefined);
  expect(places.tryTake('b' as UpdateId, () => undefined)).toBeUndefined();
  giveBack?.();
  expect(places.tryTake('a' as UpdateId, () => undefined)).toBeDefined();
});
