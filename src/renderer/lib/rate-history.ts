import type { DeviceUpdate } from '../../shared/model/index.ts';

/** Rates over time, as a chart takes them: seconds since the epoch, and bytes a second at each of them. */
export interface RateHistory {
  atSeconds: number[];
  rates: number[];
}

const mostSamples = 600;
const leastGapSeconds = 1;

/** Adds what was measured now, once a second; of a long run every second sample goes whenever there are too many. */
export function withSample(history: RateHistory, nowMs: number, rate: number): RateHistory {
  const now = nowMs / 1_000;
  const last = history.atSeconds.at(-1);
  if (last !== undefined && now - last < leastGapSeconds) return history;
  const added = { atSeconds: [...history.atSeconds, now], rates: [...history.rates, rate] };
  if (added.rates.length <= mostSamples) return added;
  const isKept = (_: number, index: number) => index % 2 === 0;
  return { atSeconds: added.atSeconds.filter(isKept), rates: added.rates.filter(isKept) };
}

/** How much had been sent at some moments of the last seconds, the oldest first. */
export type SentLately = readonly { atMs: number; bytes: number }[];

/** Transfers that take less than this have no rate of their own to be read; all together they have. */
const latelyMs = 5_000;

/** Adds how much is sent now; less than before is another run. */
export function withSent(lately: SentLately, atMs: number, bytes: number): SentLately {
  const isAnew = bytes < (lately.at(-1)?.bytes ?? 0);
  return [...(isAnew ? [] : lately.filter((one) => atMs - one.atMs <= latelyMs)), { atMs, bytes }];
}

/** Bytes a second over these moments; `undefined` where they are too close to tell. */
export function rateLately(lately: SentLately): number | undefined {
  const [first, last] = [lately[0], lately.at(-1)];
  if (!first || !last || last.atMs - first.atMs < 1_000) return undefined;
  return ((last.bytes - first.bytes) * 1_000) / (last.atMs - first.atMs);
}

/**
 * About what it was in an update that nobody looked at: what each device was sent is spread evenly over its time.
 * @param points how many samples to make of it
 */
export function spreadRates(devices: readonly DeviceUpdate[], points: number): RateHistory {
  const spans = devices.flatMap(({ startedAt, endedAt, bytesSent, bytesSentEarlier }) => {
    const [from, to] = [Date.parse(startedAt ?? '') / 1_000, Date.parse(endedAt ?? '') / 1_000];
    const bytes = bytesSent + bytesSentEarlier;
    return to >= from && bytes > 0 ? [{ from, to: Math.max(to, from + 0.001), bytes }] : [];
  });
  if (spans.length === 0) return { atSeconds: [], rates: [] };
  const begin = spans.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY);
  const end = spans.reduce((most, { to }) => Math.max(most, to), begin + 0.001);
  const width = (end - begin) / points;
  const rates = new Array<number>(points).fill(0);
  for (const { from, to, bytes } of spans) {
    const first = Math.floor((from - begin) / width);
    for (let index = first; index < points && begin + index * width < to; index += 1) {
      const overlap = Math.min(to, begin + (index + 1) * width) - Math.max(from, begin + index * width);
      rates[index] = (rates[index] ?? 0) + (bytes / (to - from)) * (Math.max(0, overlap) / width);
    }
  }
  return { atSeconds: rates.map((_, index) => begin + (index + 0.5) * width), rates };
}
