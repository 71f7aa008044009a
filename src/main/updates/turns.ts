/** Lets one at a time work on each key. */
export interface Turns<Key> {
  /** Takes the turn of a key and returns what gives it back; nothing when another has it. */
  tryTake(key: Key): (() => void) | undefined;
  /** Waits for the turn of a key. Rejects with the reason of `signal` when that aborts. */
  take(key: Key, signal: AbortSignal, onWaiting: () => void): Promise<() => void>;
  /** Fulfilled when any turn is given back, or `signal` aborts. */
  freed(signal: AbortSignal): Promise<void>;
}

export function createTurns<Key>(): Turns<Key> {
  const taken = new Set<Key>();
  const waiting = new Set<() => void>();

  const tryTake = (key: Key) => {
    if (taken.has(key)) return undefined;
    taken.add(key);
    return () => {
      taken.delete(key);
      for (const wake of waiting) wake();
    };
  };
  const freed = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake);
    });

  return {
    tryTake,
    freed,
    async take(key, signal, onWaiting) {
      for (;;) {
        signal.throwIfAborted();
        const giveBack = tryTake(key);
        if (giveBack) return giveBack;
        onWaiting();
        await freed(signal);
      }
    },
  };
}
