const firstMs = 1_000;
const longestMs = 60_000;

/** Exponential backoff with full jitter: a random time up to 1 s, 2 s, 4 s … at most 60 s. `random` gives [0, 1). */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** (attempt - 1));
}
