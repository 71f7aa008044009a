import { setTimeout as pause } from 'node:timers/promises';
import { type RateLimit, rateOf, reserve } from './rate-limit.ts';

/** Holds bytes back until every limit lets them go. */
export interface Pacer {
  /** Bytes that are sent at once are at most this many, so that they come evenly. */
  pieceBytes(most: number): number;
  /** Fulfilled when `bytes` may be sent; at once where nothing is limited. Rejects when `signal` aborts. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

const piecesPerSecond = 10;
const leastPieceBytes = 1024;
const nsPerMs = 1_000_000;

/** @param limits the narrowest first, so that what waits for its own limit takes nothing from the others */
export function createPacer(limits: readonly RateLimit[]): Pacer {
  return {
    pieceBytes(most) {
      const rates = limits.map(rateOf).filter((rate) => rate !== undefined);
      const even = Math.floor(Math.min(...rates, Number.MAX_SAFE_INTEGER) / piecesPerSecond);
      return Math.min(most, Math.max(leastPieceBytes, even));
    },
    async take(bytes, signal) {
      for (const limit of limits) {
        const waitNs = reserve(limit, bytes, process.hrtime.bigint());
        if (waitNs > 0n) await pause(Number(waitNs) / nsPerMs, undefined, { signal });
      }
    },
  };
}
