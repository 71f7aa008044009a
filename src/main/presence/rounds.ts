import type { PresenceSettings } from '../../shared/model/index.ts';
import { createSetting, type Database } from '../data/index.ts';

/** Work that is done again and again, as long as it is set so and this is open. */
export interface Rounds {
  get(): PresenceSettings;
  /** The next round is a whole interval away; one that is under way goes on. */
  set(settings: PresenceSettings): void;
  /** Fulfilled when the round that was under way has ended, early. */
  close(): Promise<void>;
}

/** The pause is counted from the end of a round, so that a slow one is not followed by the next at once. */
export function createRounds(database: Database, round: (signal: AbortSignal) => Promise<void>): Rounds {
  const setting = createSetting(database, 'presenceIntervalMs');
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const get = () => ({ intervalMs: Number(setting.get() ?? 0) || null });
  const wait = () => {
    clearTimeout(timer);
    const { intervalMs } = get();
    if (intervalMs !== null) timer = setTimeout(begin, intervalMs).unref();
  };
  const begin = () => {
    running = round(closing.signal)
      .catch((thrown) => {
        if (!closing.signal.aborted) console.error('A round of the devices ended early:', thrown);
      })
      .then(() => {
        running = undefined;
        if (!closing.signal.aborted) wait();
      });
  };
  wait();

  return {
    get,
    set({ intervalMs }) {
      if (intervalMs === null) setting.forget();
      else setting.set(String(intervalMs));
      if (!running) wait();
    },
    async close() {
      clearTimeout(timer);
      closing.abort();
      await running;
    },
  };
}
