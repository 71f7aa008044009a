import type { UpdateId } from '../../shared/model/index.ts';

/** Places for devices that are worked on, for all updates of this laptop together. */
export interface Places {
  /**
   * Takes a place and returns what gives it back. Where there is none, or another update that waits has fewer, nothing is
   * taken, and `wake` is called once when that may have changed.
   */
  tryTake(update: UpdateId, wake: () => void): (() => void) | undefined;
  /** There may be more places now. */
  wakeAll(): void;
}

/** @param most how many there are now; asked anew each time */
export function createPlaces(most: () => number): Places {
  const taken = new Map<UpdateId, number>();
  const waiting = new Map<UpdateId, () => void>();
  const takenBy = (update: UpdateId) => taken.get(update) ?? 0;
  let total = 0;

  const add = (update: UpdateId, places: 1 | -1) => {
    total += places;
    const now = takenBy(update) + places;
    if (now === 0) taken.delete(update);
    else taken.set(update, now);
  };
  /** Those that have fewest are asked first; who still wants one waits again. */
  const wakeAll = () => {
    const woken = [...waiting].sort(([a], [b]) => takenBy(a) - takenBy(b));
    waiting.clear();
    for (const [, wake] of woken) wake();
  };

  return {
    wakeAll,
    tryTake(update, wake) {
      waiting.delete(update);
      const isTurn = [...waiting.keys()].every((other) => takenBy(other) >= takenBy(update));
      if (total >= most() || !isTurn) {
        waiting.set(update, wake);
        return undefined;
      }
      add(update, 1);
      return () => {
        add(update, -1);
        wakeAll();
      };
    },
  };
}
