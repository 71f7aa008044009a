/** What idle time may be made up for at once, so that a late timer costs no throughput. */
const burstNs = 100_000_000n;
const nsPerSecond = 1_000_000_000;

const rateSlot = 0;
const freeAtSlot = 1;

/**
 * A limit on bytes a second that all threads of this process share: the memory goes to a worker as it is, and the rate
 * may be changed while bytes flow. It is the generic cell rate algorithm (ITU-T I.371, annex A): one instant says from
 * when on the next byte may go, so nothing has to run in between.
 */
export type RateLimit = SharedArrayBuffer;

/** @param bytesPerSecond `undefined` for no limit */
export function createRateLimit(bytesPerSecond: number | undefined): RateLimit {
  const limit = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
  setRate(limit, bytesPerSecond);
  return limit;
}

export function setRate(limit: RateLimit, bytesPerSecond: number | undefined): void {
  Atomics.store(new BigInt64Array(limit), rateSlot, BigInt(Math.round(bytesPerSecond ?? 0)));
}

/** `undefined` where there is no limit. */
export function rateOf(limit: RateLimit): number | undefined {
  return Number(Atomics.load(new BigInt64Array(limit), rateSlot)) || undefined;
}

/**
 * Takes the turn of some bytes.
 * @param nowNs the monotonic clock all threads share (`process.hrtime`)
 * @returns how long they have to wait before they go, in nanoseconds
 */
export function reserve(limit: RateLimit, bytes: number, nowNs: bigint): bigint {
  const slots = new BigInt64Array(limit);
  for (;;) {
    const rate = Number(Atomics.load(slots, rateSlot));
    if (rate === 0) return 0n;
    const seen = Atomics.load(slots, freeAtSlot);
    const earliest = nowNs - burstNs;
    const startNs = seen > earliest ? seen : earliest;
    const freeAt = startNs + BigInt(Math.round((bytes * nsPerSecond) / rate));
    if (Atomics.compareExchange(slots, freeAtSlot, seen, freeAt) !== seen) continue;
    return startNs > nowNs ? startNs - nowNs : 0n;
  }
}
