import { createHash } from 'node:crypto';
import type { CrashBench } from './crash-bench.ts';
import { type CrashResult, crashRun } from './crash-run.ts';
import { prepare } from './prepare.ts';

export interface CrashRuns {
  runs: number;
  /** The moments of run `n` follow from `seed + n`, so that one run can be had again alone. */
  seed: number;
}

/** Sums of all runs. */
export interface CrashTally {
  runs: number;
  killedBefore: number;
  killedDuring: number;
  killedAfter: number;
  resumes: number;
  succeeded: number;
  unknown: number;
  unconfirmed: number;
  sentTwice: number;
  violations: { seed: number; violation: string }[];
}

/** How many runs are killed a second time, while they are gone on with: one in so many. */
const secondKillEvery = 3;

/** A push that nobody kills, to know how long it takes, then as many that are. */
export async function crashRuns(
  bench: CrashBench,
  { runs, seed }: CrashRuns,
  onRun: (result: CrashResult, seed: number) => void = () => undefined,
): Promise<CrashTally> {
  const prepared = await prepare(bench);
  try {
    const whole = await crashRun(bench, prepared, []);
    const results: (CrashResult & { seed: number })[] = [{ ...whole, seed }];
    onRun(whole, seed);
    for (let run = 0; run < runs; run += 1) {
      const result = await crashRun(bench, prepared, momentsOf(seed + run, whole));
      results.push({ ...result, seed: seed + run });
      onRun(result, seed + run);
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
  const sum = (field: 'resumes' | 'succeeded' | 'unknown' | 'unconfirmed' | 'sentTwice') =>
    results.reduce((total, result) => total + result[field], 0);
  const count = (killed: CrashResult['killed']) => results.filter((result) => result.killed === killed).length;
  return {
    runs: results.length - count('never'),
    killedBefore: count('before'),
    killedDuring: count('during'),
    killedAfter: count('after'),
    resumes: sum('resumes'),
    succeeded: sum('succeeded'),
    unknown: sum('unknown'),
    unconfirmed: sum('unconfirmed'),
    sentTwice: sum('sentTwice'),
    violations: results.flatMap(({ seed, violations }) => [...violations].map((violation) => ({ seed, violation }))),
  };
}
