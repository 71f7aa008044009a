/** A device that asks for more is asked again all the same. */
const longestMs = 10 * 60_000;

/** How long a `Retry-After` asks to wait (RFC 9110, 10.2.3): seconds, or a date. `undefined` when it says nothing. */
export function retryAfterMs(field: string | undefined, nowMs: number): number | undefined {
  if (field === undefined) return undefined;
  const waitMs = /^\d+$/.test(field) ? Number(field) * 1_000 : Date.parse(field) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), longestMs);
}
