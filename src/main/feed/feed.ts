/** At most ten frames a second for each listener (DESIGN 5). */
const frameMs = 100;

/** Says which of many things changed, to any number of listeners, each at its own pace and in bounded memory. */
export interface Feed<Key> {
  mark(key: Key): void;
  /** No more changes come; listeners get what is left and end. */
  end(): void;
  /** Yields what changed since the last frame, until the feed ends or `signal` aborts. Listening starts at the call. */
  frames(signal: AbortSignal | undefined): AsyncGenerator<ReadonlySet<Key>, void, void>;
}

interface Listener<Key> {
  changed: Set<Key>;
  wake(): void;
}

export function createFeed<Key>(): Feed<Key> {
  const listeners = new Set<Listener<Key>>();
  let ended = false;

  async function* listen(listener: Listener<Key>, signal: AbortSignal | undefined) {
    const onAbort = () => listener.wake();
    signal?.addEventListener('abort', onAbort);
    try {
      while (!signal?.aborted) {
        if (listener.changed.size === 0 && ended) return;
        if (listener.changed.size === 0) {
          await new Promise<void>((resolve) => {
            listener.wake = resolve;
          });
          if (!ended) await pause(frameMs, signal);
          continue;
        }
        const changed = listener.changed;
        listener.changed = new Set();
        yield changed;
        if (!ended) await pause(frameMs, signal);
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      listeners.delete(listener);
    }
  }

  return {
    mark(key) {
      for (const listener of listeners) {
        listener.changed.add(key);
        listener.wake();
      }
    },
    end() {
      ended = true;
      for (const listener of listeners) listener.wake();
    },
    frames(signal) {
      const listener: Listener<Key> = { changed: new Set(), wake: () => undefined };
      listeners.add(listener);
      return listen(listener, signal);
    },
  };
}

/** Fulfilled after `ms`, or as soon as `signal` aborts. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
