import type { Clock } from '../data/index.ts';

/** How long devices are waited for to be seen. It stands still while the shared registry, which knows where they are, is away. */
export interface Patience {
  isOver(): boolean;
  /** Whether the registry could be asked, in a round that began at `sinceMs`. */
  noteRegistry(isThere: boolean, sinceMs: number): void;
}

/** @param patienceMs for ever when left out */
export function createPatience(clock: Clock, startMs: number, patienceMs = Number.POSITIVE_INFINITY): Patience {
  let awayMs = 0;
  let awaySinceMs: number | undefined;
  return {
    isOver: () => (awaySinceMs ?? clock.now()) - awayMs > startMs + patienceMs,
    noteRegistry(isThere, sinceMs) {
      if (!isThere) awaySinceMs ??= sinceMs;
      else if (awaySinceMs !== undefined) {
        awayMs += clock.now() - awaySinceMs;
        awaySinceMs = undefined;
      }
    },
  };
}
