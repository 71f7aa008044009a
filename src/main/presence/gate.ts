import { setMaxListeners } from 'node:events';

/** What all who connect only to look may do together. */
export interface GateLimits {
  mostAtOnce: number;
  mostPerSecond: number;
}

/** Lets work begin in the order it came, so many at once and evenly spaced, whoever asks for it. */
export interface Gate {
  /** Rejects as `work` does, or with the reason of `signal` when that aborts before it began. */
  pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** The same for each item, with the results in their order. No more items wait than may be under way at once. */
  passAll<Item, T>(items: readonly Item[], signal: AbortSignal, work: (item: Item) => Promise<T>): Promise<T[]>;
}

export function createGate({ mostAtOnce, mostPerSecond }: GateLimits): Gate {
  const gapMs = 1_000 / mostPerSecond;
  const waiting = new Set<() => void>();
  let inside = 0;
  let nextAtMs = 0;

  const enter = async (signal: AbortSignal) => {
    if (inside < mostAtOnce) inside += 1;
    // Who leaves hands on the place.
    else await until(signal, (begin) => listen(waiting, begin));
  };
  const leave = () => {
    const [next] = waiting;
    if (next) next();
    else inside -= 1;
  };
  const turn = async (signal: AbortSignal) => {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, nextAtMs);
    nextAtMs = atMs + gapMs;
    if (atMs > nowMs) await until(signal, (begin) => startTimer(atMs - nowMs, begin));
  };

  const pass: Gate['pass'] = async (signal, work) => {
    await enter(signal);
    try {
      await turn(signal);
      signal.throwIfAborted();
      return await work();
    } finally {
      leave();
    }
  };

  return {
    pass,
    async passAll<Item, T>(items: readonly Item[], signal: AbortSignal, work: (item: Item) => Promise<T>) {
      // Each that waits or works listens to it.
      setMaxListeners(0, signal);
      const results: T[] = [];
      const queue = items.entries();
      const lane = async () => {
        for (const [index, item] of queue) results[index] = await pass(signal, () => work(item));
      };
      await Promise.all(Array.from({ length: mostAtOnce }, lane));
      return results;
    },
  };
}

/** Waits for what `start` arranges to be called; `start` returns what takes that back, which happens in any case. */
function until(signal: AbortSignal, start: (begin: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const end = (settle: () => void) => () => {
      takeBack();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = end(() => reject(signal.reason));
    const takeBack = start(end(resolve));
    signal.addEventListener('abort', onAbort);
  });
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function startTimer(ms: number, begin: () => void): () => void {
  const timer = setTimeout(begin, ms);
  return () => clearTimeout(timer);
}
