import type { Limits } from '../../shared/model/index.ts';
import type { Database } from '../data/index.ts';
import { createRateLimit, type RateLimit, setRate } from '../delivery/index.ts';

/** What all pushes of this laptop together may take; it holds for those that run as well. */
export interface LaptopLimits {
  rate: RateLimit;
  get(): Limits;
  set(limits: Limits): void;
}

export function createLaptopLimits(database: Database): LaptopLimits {
  const stored = database.prepare<[], string>("SELECT value FROM settings WHERE name = 'rateLimit'").pluck();
  const store = database.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('rateLimit', ?)");
  const forget = database.prepare("DELETE FROM settings WHERE name = 'rateLimit'");
  const get = (): Limits => ({ rateLimitBytesPerSecond: Number(stored.get() ?? 0) || null });
  const rate = createRateLimit(get().rateLimitBytesPerSecond ?? undefined);
  return {
    rate,
    get,
    set({ rateLimitBytesPerSecond }) {
      if (rateLimitBytesPerSecond === null) forget.run();
      else store.run(String(rateLimitBytesPerSecond));
      setRate(rate, rateLimitBytesPerSecond ?? undefined);
    },
  };
}
