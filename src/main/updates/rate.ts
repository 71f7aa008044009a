/** Over how long a rate is averaged. */
const windowMs = 2_000;

/** Measures bytes a second over the last two seconds. */
export function createRateMeter(): (bytesSoFar: number, nowMs: number) => number {
  const samples: { atMs: number; bytes: number }[] = [];
  return (bytes, atMs) => {
    // A clock that was set back makes the former samples useless.
    if (atMs < (samples.at(-1)?.atMs ?? atMs)) samples.length = 0;
    samples.push({ atMs, bytes });
    while (samples.length > 2 && atMs - (samples[1]?.atMs ?? atMs) >= windowMs) samples.shift();
    const first = samples[0] ?? { atMs, bytes };
    const elapsedMs = atMs - first.atMs;
    return elapsedMs === 0 ? 0 : ((bytes - first.bytes) * 1_000) / elapsedMs;
  };
}
