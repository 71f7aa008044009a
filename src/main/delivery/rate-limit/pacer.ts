import { type RateLimit, rateOf, reserve } from './rate-limit.ts';

/** Says how long bytes are to be held back, so that no limit is passed. */
export interface Pacer {
  /** Bytes that are sent at once are at most this many, so that they come evenly. */
  pieceBytes(most: number): number;
  /** Takes the turn of `bytes`, which may be sent after this many milliseconds; 0 where nothing is limited. */
  waitMs(bytes: number): number;
}

const piecesPerSecond = 10;
const leastPieceBytes = 1024;
const nsPerMs = 1_000_000;

export function createPacer(limits: readonly RateLimit[]): Pacer {
  return {
    pieceBytes(most) {
      const rates = limits.map(rateOf).filter((rate) => rate !== undefined);
      const even = Math.floor(Math.min(...rates, Number.MAX_SAFE_INTEGER) / piecesPerSecond);
      return Math.min(most, Math.max(leastPieceBytes, even));
    },
    waitMs(bytes) {
      const nowNs = process.hrtime.bigint();
      return Math.max(0, ...limits.map((limit) => Number(reserve(limit, bytes, nowNs)) / nsPerMs));
    },
  };
}
