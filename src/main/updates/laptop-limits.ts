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
  const stored = database.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck();
  const store = database.prepare<[string, string]>('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const forget = database.prepare<[string]>('DELETE FROM settings WHERE name = ?');
  const keep = (name: string, value: number | null) =>
    value === null ? forget.run(name) : store.run(name, String(value));
  const read = (name: string) => Number(stored.get(name) ?? 0) || null;
  let limits: Limits = { rateLimitBytesPerSecond: read('rateLimit'), concurrency: read('concurrency') };
  const rate = createRateLimit(limits.rateLimitBytesPerSecond ?? undefined);
  return {
    rate,
    get: () => limits,
    set(wanted) {
      keep('rateLimit', wanted.rateLimitBytesPerSecond);
      keep('concurrency', wanted.concurrency);
      setRate(rate, wanted.rateLimitBytesPerSecond ?? undefined);
      limits = wanted;
    },
  };
}
