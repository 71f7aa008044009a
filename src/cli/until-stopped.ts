const stopSignals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** The exit code of a command that was stopped (128 + SIGINT). */
export const interrupted = 130;

/** Fulfilled when the process is asked to end (SIGINT, SIGTERM or SIGHUP). */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of stopSignals) process.once(signal, () => resolve());
  });
}

/**
 * Runs `work` until it is done or the process is asked to end. Then `leave` closes what the work uses; work that does
 * not end by itself within `graceMs` after that is left behind. Ctrl-C is left to work that listens for it itself.
 * @returns what the work gave, or 130
 */
export async function orStopped<T>(
  work: (signal: AbortSignal) => Promise<T>,
  leave: () => Promise<void>,
  graceMs: number,
): Promise<T | typeof interrupted> {
  const stop = new AbortController();
  const left = Promise.withResolvers<typeof interrupted>();
  const onStop = () => {
    if (stop.signal.aborted) return;
    stop.abort();
    const giveUp = () => setTimeout(() => left.resolve(interrupted), graceMs);
    leave().then(giveUp, giveUp);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    const isHandled = signal === 'SIGINT' && process.listenerCount('SIGINT') > 1;
    if (!isHandled) onStop();
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  try {
    return await Promise.race([work(stop.signal), left.promise]);
  } catch (thrown) {
    // What ended under the work because of the stop is no failure of its own.
    if (stop.signal.aborted) return interrupted;
    throw thrown;
  } finally {
    for (const signal of stopSignals) process.off(signal, onSignal);
  }
}
