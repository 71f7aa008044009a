import { type Blackout, placeOf, type UpdateWindow, type Zone } from '../../shared/model/index.ts';
import { isBlackedOut } from './blackout.ts';
import { type Cron, parseCron } from './cron.ts';
import { type DescribeOptions, describeMoment, describeOccurrence, remarkOn } from './describe.ts';
import { longestSkipMs, matchesAfter } from './runs.ts';
import { civilOf, stretchesBetween } from './wall-clock.ts';
import { occurrenceAt } from './windows.ts';
import { dayText, timeText } from './words.ts';

type Options = Required<Pick<DescribeOptions, 'from' | 'localZone'>> & { blackouts: readonly Blackout[] };

/** So far ahead every place that has summer time changes its clock both ways. */
const aheadMs = 366 * 86_400_000;

/**
 * What becomes of a window on the nights of the year ahead on which the clock changes, in plain language: `Sun 29 Mar
 * 2026 03:00 to 04:00, which lasts one hour as clocks go forward`. Nights that are as any other are left out.
 * @throws PushrodError `INVALID_INPUT` for a start that is no cron expression
 */
export function windowClockChanges(window: UpdateWindow, { from, localZone, blackouts }: Options): string[] {
  const { tz } = window;
  const cron = parseCron(window.start);
  return changesOf(tz, from).flatMap((changeMs) => {
    if (isBlackedOut(blackouts, tz, new Date(changeMs))) return [];
    const around = [changeMs - 1, changeMs].map((atMs) => ({
      atMs,
      found: occurrenceAt(window, new Date(atMs), { blackouts }),
    }));
    const affected = around.flatMap(({ atMs, found }) => (found && found.opensAtMs <= atMs ? [found] : []));
    const remarked = affected.find((found) => remarkOn(found, tz) !== '');
    if (remarked) return [describeOccurrence(remarked, tz, localZone)];
    const skippedMs = skippedAt(cron, tz, changeMs);
    if (skippedMs === undefined || affected.some(({ opensAtMs }) => opensAtMs === changeMs)) return [];
    return [`${dayText(skippedMs)}: does not open in ${placeOf(tz)}, as clocks skip all of it`];
  });
}

/** The same of the runs of a cron expression: `Sun 29 Mar 2026 03:00, as clocks skip 02:30`. */
export function cronClockChanges(cron: Cron, zone: Zone, { from, localZone, blackouts }: Options): string[] {
  return changesOf(zone, from).flatMap((changeMs) => {
    const skippedMs = skippedAt(cron, zone, changeMs);
    const at = new Date(changeMs);
    if (skippedMs === undefined || isBlackedOut(blackouts, zone, at)) return [];
    return [`${describeMoment(at, zone, localZone)}, as clocks skip ${timeText(skippedMs)}`];
  });
}

/** When the clock of a zone is put forward or back in the year ahead. */
function changesOf(zone: Zone, from: Date): number[] {
  const fromMs = from.getTime();
  const stretches = [...stretchesBetween(zone, fromMs, fromMs + aheadMs)];
  const changes = stretches.filter(({ startMs, changeMs }) => startMs > fromMs && isOfClock(changeMs));
  return [...new Set(changes.map(({ startMs }) => startMs))];
}

const isOfClock = (changeMs: number) => changeMs !== 0 && Math.abs(changeMs) <= longestSkipMs;

/** The first wall-clock time that an expression names and the change of the clock skips. */
function skippedAt(cron: Cron, zone: Zone, changeMs: number): number | undefined {
  const [run] = matchesAfter(cron, zone, changeMs - 1);
  return run?.atMs === changeMs && run.civilMs < civilOf(zone, changeMs) ? run.civilMs : undefined;
}
