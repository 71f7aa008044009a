import type { Blackout, UpdateWindow } from '../../shared/model/index.ts';
import { firstBlackedOut, isBlackedOut } from './blackout.ts';
import { type Cron, parseCron } from './cron.ts';
import { longestSkipMs, matchesAfter, type Run } from './runs.ts';
import { passingOf } from './wall-clock.ts';

/** One time that a window is open, `[opensAt, closesAt)`, as seen from a moment. */
export interface WindowTime {
  open: boolean;
  /** Open, and before the cutoff: devices may be started. */
  accepting: boolean;
  opensAt: Date;
  closesAt: Date;
  /** From here on no device is started; `closesAt` where the window has no cutoff. */
  cutoffAt: Date;
}

export interface WindowOptions {
  /** No window opens on these days, and one that reaches into such a day closes when it begins. */
  blackouts?: readonly Blackout[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** An end on the next day and a repeated hour are less. */
const longestWallClockMs = 2 * dayMs;

/**
 * The window that is open at a moment, else the next one; `undefined` where none opens before the year 3000. Of several
 * that are open, the one that opened last: none of them closes later.
 * @throws PushrodError `INVALID_INPUT` for a start that is no cron expression
 */
export function windowAt(window: UpdateWindow, at: Date, options: WindowOptions = {}): WindowTime | undefined {
  const found = occurrenceAt(window, at, options);
  if (!found) return undefined;
  const atMs = at.getTime();
  const { opensAtMs, closesAtMs } = found;
  const cutoffAtMs = closesAtMs - (window.cutoffMs ?? 0);
  const open = opensAtMs <= atMs;
  return {
    open,
    accepting: open && atMs < cutoffAtMs,
    opensAt: new Date(opensAtMs),
    closesAt: new Date(closesAtMs),
    cutoffAt: new Date(cutoffAtMs),
  };
}

/** One time that a window opens. */
export interface Occurrence {
  opensAtMs: number;
  closesAtMs: number;
  /** How long it lasts where the clock does not change. */
  usualMs: number;
  /** A blacked-out day ends it early. */
  isCutShort: boolean;
}

/** What {@link windowAt} is about, and why it lasts as long as it does. */
export function occurrenceAt(
  window: UpdateWindow,
  at: Date,
  { blackouts = [] }: WindowOptions,
): Occurrence | undefined {
  const opening: Opening = { window, cron: cronOf(window.start), blackouts };
  return openAt(opening, at.getTime()) ?? nextAfter(opening, at.getTime());
}

/**
 * The times that a window is open from one moment to another: the one that is open at first, then those that open before
 * the end, the first `most` of them. Times are in milliseconds since the epoch.
 * @throws PushrodError `INVALID_INPUT` for a start that is no cron expression
 */
export function windowsBetween(
  window: UpdateWindow,
  { fromMs, untilMs, most }: { fromMs: number; untilMs: number; most: number },
  { blackouts = [] }: WindowOptions = {},
): Occurrence[] {
  const opening: Opening = { window, cron: cronOf(window.start), blackouts };
  const open = openAt(opening, fromMs);
  const found = open ? [open] : [];
  for (const run of matchesAfter(opening.cron, window.tz, fromMs)) {
    if (run.atMs >= untilMs || found.length >= most) break;
    const occurrence = occurrenceOf(opening, run);
    // Of those that open at the same jump, the last one counts.
    if (occurrence?.opensAtMs === found.at(-1)?.opensAtMs) found.pop();
    if (occurrence) found.push(occurrence);
  }
  return found;
}

interface Opening {
  window: UpdateWindow;
  cron: Cron;
  blackouts: readonly Blackout[];
}

/** Many devices are asked about by the same window. */
const crons = new Map<string, Cron>();
const mostCrons = 4_096;

function cronOf(start: string): Cron {
  const cron = crons.get(start) ?? parseCron(start);
  if (crons.size >= mostCrons) crons.clear();
  crons.set(start, cron);
  return cron;
}

/** The last one that opened is looked for in the last hour first: what opens every minute need not be gone through for days. */
function openAt(opening: Opening, atMs: number): Occurrence | undefined {
  const { window } = opening;
  const longestMs = 'durationMs' in window ? window.durationMs : longestWallClockMs;
  for (const spanMs of [hourMs, longestMs]) {
    const runs: Run[] = [];
    for (const run of matchesAfter(opening.cron, window.tz, atMs - Math.min(spanMs, longestMs))) {
      if (run.atMs > atMs) break;
      runs.push(run);
    }
    for (const run of runs.reverse()) {
      const occurrence = occurrenceOf(opening, run);
      if (occurrence && occurrence.closesAtMs > atMs) return occurrence;
    }
  }
  return undefined;
}

function nextAfter(opening: Opening, atMs: number): Occurrence | undefined {
  let found: Occurrence | undefined;
  for (const run of matchesAfter(opening.cron, opening.window.tz, atMs)) {
    if (found && run.atMs > found.opensAtMs) return found;
    found = occurrenceOf(opening, run) ?? found;
  }
  return found;
}

/** `undefined` where a run opens no window: start and end are the same jump, or the day is blacked out. */
function occurrenceOf({ window, blackouts }: Opening, run: Run): Occurrence | undefined {
  const { atMs: opensAtMs } = run;
  if (isBlackedOut(blackouts, window.tz, new Date(opensAtMs))) return undefined;
  const { atMs: endsAtMs, usualMs } =
    'durationMs' in window
      ? { atMs: opensAtMs + window.durationMs, usualMs: window.durationMs }
      : wallClockEnd(window, run);
  if (endsAtMs <= opensAtMs) return undefined;
  const cutAtMs = firstBlackedOut(blackouts, window.tz, opensAtMs, endsAtMs);
  return { opensAtMs, closesAtMs: cutAtMs ?? endsAtMs, usualMs, isCutShort: cutAtMs !== undefined };
}

/** On the day of the start, or the next one that the place has; the jump where that skips the end. */
function wallClockEnd(
  { tz, end }: Extract<UpdateWindow, { end: string }>,
  { civilMs }: Run,
): { atMs: number; usualMs: number } {
  const day = civilMs - mod(civilMs, dayMs);
  const [hours = 0, minutes = 0] = end.split(':').map(Number);
  let endMs = day + (hours * 60 + minutes) * 60_000;
  if (endMs <= civilMs) endMs += dayMs;
  const usualMs = endMs - civilMs;
  for (;;) {
    const { atMs, skippedMs } = passingOf(tz, endMs);
    if (skippedMs <= longestSkipMs) return { atMs, usualMs };
    endMs += dayMs;
  }
}

const mod = (value: number, divisor: number) => value - Math.floor(value / divisor) * divisor;
