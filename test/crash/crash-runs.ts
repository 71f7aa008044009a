import { createHash } from 'node:crypto';
import type { CrashBench } from './crash-bench.ts';
import { type CrashResult, crashRun } from './crash-run.ts';
import { prepare } from './prepare.ts';

export interface CrashRuns {
  runs: number;
  /** The moments of run `n` follow from `seed + n`, so that one run can be had again alone. */
  seed: number;
}

/** Sums of all runs that were to be killed. */
export interface CrashTally extends Counts {
  runs: number;
  /** How the push was found by the next `pushrod`: not on record, under way, or ended. */
  foundBefore: number;
  foundDuring: number;
  foundAfter: number;
  violations: { seed: number; violation: string }[];
}

const counted = ['kills', 'resumes', 'succeeded', 'unknown', 'unconfirmed', 'sentTwice'] as const;
type Counts = Pick<CrashResult, (typeof counted)[number]>;

/** How many runs are killed a second time, while they are gone on with: one in so many. */
const secondKillEvery = 3;

/**
 * A push that nobody kills, to know how long it takes, then as many that are.
 * @param onRun told how each of these went
 */
export async function crashRuns(
  bench: CrashBench,
  { runs, seed }: CrashRuns,
  onRun: (result: CrashResult, seed: number) => void = () => undefined,
): Promise<CrashTally> {
  const prepared = await prepare(bench);
  try {
    const whole = await crashRun(bench, prepared, []);
    if (whole.succeeded < bench.devices.length) throw new Error(`Unkilled it fails: ${[...whole.violations]}`);
    const results: (CrashResult & { seed: number })[] = [];
    for (let runSeed = seed; runSeed < seed + runs; runSeed += 1) {
      const result = await crashRun(bench, prepared, momentsOf(runSeed, whole));
      results.push({ ...result, seed: runSeed });
      onRun(result, runSeed);
    }
    return tallyOf(results);
  } finally {
    prepared.remove();
  }
}

/** One moment of a push, or two: of the push and of what follows. A few lie just before there is one. */
function momentsOf(seed: number, { beginMs, pushMs }: CrashResult): number[] {
  const fromMs = 0.9 * beginMs;
  const moment = (word: string) => fromMs + fraction(seed, word) * (pushMs - fromMs);
  return fraction(seed, 'twice') * secondKillEvery < 1 ? [moment('first'), moment('second')] : [moment('first')];
}

function fraction(seed: number, word: string): number {
  return createHash('sha256').update(`${seed} ${word}`).digest().readUInt32BE(0) / 2 ** 32;
}

function tallyOf(results: (CrashResult & { seed: number })[]): CrashTally {
  const sum = (field: keyof Counts) => results.reduce((total, result) => total + result[field], 0);
  const count = (found: CrashResult['found']) => results.filter((result) => result.found === found).length;
  return {
    runs: results.length,
    foundBefore: count('before'),
    foundDuring: count('during'),
    foundAfter: count('after'),
    ...(Object.fromEntries(counted.map((field) => [field, sum(field)])) as Counts),
    violations: results.flatMap(({ seed, violations }) => [...violations].map((violation) => ({ seed, violation }))),
  };
}
