/** Lets bytes pass at a rate: fulfilled when the caller's bytes are through. */
export type Throttle = (bytes: number) => Promise<void>;

export function createThrottle(bytesPerSecond: number): Throttle {
  let freeAtMs = 0;
  return async (bytes) => {
    const nowMs = performance.now();
    freeAtMs = Math.max(nowMs, freeAtMs) + (bytes * 1_000) / bytesPerSecond;
    const waitMs = freeAtMs - nowMs;
    if (Number.isFinite(waitMs) && waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  };
}
