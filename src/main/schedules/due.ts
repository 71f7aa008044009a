import type { RunTimes } from './run-times.ts';

/** What a schedule missed and what it begins now; times in milliseconds since the epoch. */
export interface Due {
  /** Runs that nobody was there for, one after the other. */
  missed: { count: number; lastMs: number } | undefined;
  /** The run that begins. */
  runMs: number | undefined;
}

/** Runs that are counted one by one; those of a longer absence are counted up to here. */
const mostCounted = 1_000;

/**
 * What is due of a schedule in `(sinceMs, nowMs]`: at most one run, the last, if it may still begin; all others were
 * missed, so that a laptop that wakes up never begins a burst of them.
 */
export function dueOf(times: RunTimes, sinceMs: number, nowMs: number): Due {
  let count = 0;
  let lastMs: number | undefined;
  let beforeMs: number | undefined;
  for (let dueMs = times.nextAfter(sinceMs); dueMs !== undefined && dueMs <= nowMs; dueMs = times.nextAfter(dueMs)) {
    count += 1;
    [beforeMs, lastMs] = [lastMs, dueMs];
    // Of the rest only the last one counts, which is looked for in ever later halves.
    if (count >= mostCounted) ({ beforeMs, lastMs } = lastOf(times, dueMs, nowMs));
    if (count >= mostCounted) break;
  }
  if (lastMs === undefined) return { missed: undefined, runMs: undefined };
  if (!times.mayStillBegin(lastMs, nowMs)) return { missed: { count, lastMs }, runMs: undefined };
  const missed = beforeMs === undefined ? undefined : { count: count - 1, lastMs: beforeMs };
  return { missed, runMs: lastMs };
}

function lastOf(times: RunTimes, fromMs: number, nowMs: number): { beforeMs: number; lastMs: number } {
  let [low, high] = [fromMs, nowMs];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2);
    const next = times.nextAfter(middle);
    if (next !== undefined && next <= nowMs) low = Math.max(next, middle);
    else high = middle;
  }
  return { beforeMs: fromMs, lastMs: low };
}
