import { describe, expect, it } from 'vitest';
import type { DeviceUpdate } from '../../shared/model/index.ts';
import { type RateHistory, rateLately, type SentLately, spreadRates, withSample, withSent } from './rate-history.ts';

const none: RateHistory = { atSeconds: [], rates: [] };

describe('the rate over time', () => {
  it('is noted once a second, however often it is heard of', () => {
    let history = none;
    for (let ms = 0; ms <= 3_000; ms += 100) history = withSample(history, ms, ms);
    expect(history).toEqual({ atSeconds: [0, 1, 2, 3], rates: [0, 1_000, 2_000, 3_000] });
  });

  it('stays short over a long run, and keeps its beginning', () => {
    let history = none;
    for (let second = 0; second < 10_000; second += 1) history = withSample(history, second * 1_000, second);
    expect(history.rates.length).toBeLessThanOrEqual(600);
    expect(history.atSeconds[0]).toBe(0);
    expect(history.atSeconds.at(-1)).toBeGreaterThan(9_990);
  });

  it('is guessed from when devices began and ended where nobody looked on; no byte is lost', () => {
    const device = (from: number, to: number, bytesSent: number) =>
      ({
        startedAt: new Date(from * 1_000).toISOString(),
        endedAt: new Date(to * 1_000).toISOString(),
        ...{ bytesSent, bytesSentEarlier: 0 },
      }) as DeviceUpdate;
    const history = spreadRates([device(100, 110, 1_000), device(105, 110, 500), device(103, 103, 7)], 10);
    expect(history.atSeconds[0]).toBeCloseTo(100.5);
    expect(history.rates[0]).toBeCloseTo(100);
    expect(history.rates[9]).toBeCloseTo(200);
    expect(history.rates.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(1_507);
    expect(spreadRates([{ startedAt: null, endedAt: null } as DeviceUpdate], 10)).toEqual(none);
  });
});

describe('the rate of the last seconds', () => {
  it('is what was sent in them, though no single transfer takes long enough to have one', () => {
    let lately: SentLately = [];
    for (let second = 0; second <= 20; second += 1) lately = withSent(lately, second * 1_000, second * 300);
    expect(rateLately(lately)).toBe(300);
    expect(lately.length).toBeLessThanOrEqual(7);
    for (let second = 21; second <= 30; second += 1) lately = withSent(lately, second * 1_000, 6_000);
    expect(rateLately(lately)).toBe(0);
  });

  it('is not known at once, nor as another run begins', () => {
    expect(rateLately([])).toBeUndefined();
    const begun = withSent(withSent([], 0, 0), 500, 900);
    expect(rateLately(begun)).toBeUndefined();
    expect(rateLately(withSent(withSent(begun, 2_000, 4_000), 3_000, 10))).toBeUndefined();
  });
});
