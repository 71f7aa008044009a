/** One side of a comparison; it does its work once and says how long that took, in milliseconds. */
export type Side = () => Promise<number>;

/**
 * Runs all sides in turn, so that a noisy moment of the machine meets each; the first round only warms up. Gives the
 * milliseconds of each side's rounds.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  sides: Record<Name, Side>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const ms = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (const name of names) await sides[name]();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) ms[name].push(await sides[name]());
  }
  return ms;
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
