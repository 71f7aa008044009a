import type { Zone } from '../../shared/model/index.ts';
import type { Cron } from './cron.ts';
import { type Stretch, stretchAt } from './wall-clock.ts';

/** One match of a cron expression, and when it happens. */
export interface Run {
  atMs: number;
  /** The wall-clock time that matched, counted as if it were UTC; in a skipped hour `atMs` is the jump after it. */
  civilMs: number;
}

/** A longer skip is a change of the calendar, and the days that were left out had no runs (Apia, 30 December 2011). */
export const longestSkipMs = 3 * 3_600_000;

const dayMs = 86_400_000;

/**
 * The runs strictly after `from`, at most `count`.
 * A fixed time that the clock skips in spring happens once, at the jump; one that comes twice in autumn happens the
 * first time. With `*` in minute or hour the runs follow the elapsed clock.
 */
export function runsAfter(cron: Cron, zone: Zone, from: Date, count: number): Date[] {
  const runs: Date[] = [];
  for (const { atMs } of matchesAfter(cron, zone, from.getTime())) {
    if (runs.length >= count) break;
    if (runs.at(-1)?.getTime() !== atMs) runs.push(new Date(atMs));
  }
  return runs;
}

/** The first run strictly after `from`; `undefined` where there is none before the year 3000. */
export function nextRun(cron: Cron, zone: Zone, from: Date): Date | undefined {
  return runsAfter(cron, zone, from, 1)[0];
}

/** All matches after an instant, in their order. Several that the clock skips share the moment of the jump. */
export function* matchesAfter(cron: Cron, zone: Zone, fromMs: number): Generator<Run> {
  for (let atMs = fromMs + 1; ; ) {
    const stretch = stretchAt(zone, atMs);
    if (cron.isFixedTime && atMs === stretch.startMs) yield* skippedMatches(cron, stretch);
    const { offsetMs, endMs } = stretch;
    let doneMs = atMs;
    let civilMs = cron.nextCivil(firstCivil(cron, stretch, atMs) - 1);
    for (; civilMs !== undefined && civilMs - offsetMs < endMs; civilMs = cron.nextCivil(civilMs)) {
      doneMs = civilMs - offsetMs;
      yield { atMs: doneMs, civilMs };
    }
    if (civilMs === undefined) return;
    // Years may lie between; but a clock that is put back soon after the last match shows it once more.
    atMs = endMs - doneMs > 2 * dayMs ? Math.max(endMs, civilMs - 3 * dayMs) : endMs;
  }
}

/** Fixed times that the jump at the start of a stretch skips. */
function* skippedMatches(cron: Cron, { startMs, offsetMs, changeMs }: Stretch): Generator<Run> {
  if (changeMs <= 0 || changeMs > longestSkipMs) return;
  const afterMs = startMs + offsetMs;
  let civilMs = cron.nextCivil(afterMs - changeMs - 1);
  for (; civilMs !== undefined && civilMs < afterMs; civilMs = cron.nextCivil(civilMs))
    yield { atMs: startMs, civilMs };
}

/** From where on a stretch is looked through: of what it repeats, fixed times have had their turn. */
function firstCivil(cron: Cron, { startMs, offsetMs, changeMs }: Stretch, atMs: number): number {
  if (!cron.isFixedTime || changeMs >= 0) return atMs + offsetMs;
  return Math.max(atMs, startMs - changeMs) + offsetMs;
}
