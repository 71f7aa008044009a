/** One side of a comparison; it does its work once and says how long that took, in milliseconds. */
export type Side = () => Promise<number>;

/** Runs both sides in turn, so that a noisy moment of the machine meets both; the first round only warms up. */
export async function inTurn(rounds: number, ours: Side, peer: Side): Promise<{ oursMs: number[]; peerMs: number[] }> {
  const oursMs: number[] = [];
  const peerMs: number[] = [];
  await ours();
  await peer();
  for (let round = 0; round < rounds; round += 1) {
    oursMs.push(await ours());
    peerMs.push(await peer());
  }
  return { oursMs, peerMs };
}

/** How long `work` takes, in milliseconds of wall-clock time. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
