import type { Limits } from '../../shared/model/index.ts';
import { createSetting, type Database, type Setting } from '../data/index.ts';
import { createRateLimit, type RateLimit, setRate } from '../delivery/index.ts';

/** What all pushes of this laptop together may take; it holds for those that run as well. */
export interface LaptopLimits {
  rate: RateLimit;
  get(): Limits;
  set(limits: Limits): void;
}

export function createLaptopLimits(database: Database): LaptopLimits {
  const kept = { rate: createSetting(database, 'rateLimit'), concurrency: createSetting(database, 'concurrency') };
  let limits: Limits = { rateLimitBytesPerSecond: read(kept.rate), concurrency: read(kept.concurrency) };
  const rate = createRateLimit(limits.rateLimitBytesPerSecond ?? undefined);
  return {
    rate,
    get: () => limits,
    set(wanted) {
      keep(kept.rate, wanted.rateLimitBytesPerSecond);
      keep(kept.concurrency, wanted.concurrency);
      setRate(rate, wanted.rateLimitBytesPerSecond ?? undefined);
      limits = wanted;
    },
  };
}

const read = (setting: Setting) => Number(setting.get() ?? 0) || null;

const keep = (setting: Setting, value: number | null) =>
  value === null ? setting.forget() : setting.set(String(value));
