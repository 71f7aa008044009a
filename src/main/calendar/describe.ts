import { type Blackout, placeOf, type UpdateWindow, type Zone } from '../../shared/model/index.ts';
import { type Cron, parseCron } from './cron.ts';
import { describeDays } from './describe-days.ts';
import { describeTimes } from './describe-times.ts';
import { matchesAfter } from './runs.ts';
import { civilOf } from './wall-clock.ts';
import { type Occurrence, occurrenceAt } from './windows.ts';
import { civilText, dayText, lengthOf, timeText } from './words.ts';

export interface DescribeOptions {
  /** Tells the next run, or the window that is open or next, as seen from this moment. */
  from?: Date;
  /** The zone of whoever reads it: times of the site are told in this one, too, where it shows another. */
  localZone?: Zone;
  /** Whose wall clock it is, instead of the zone's place: `by the clock of each site`. */
  whose?: string;
}

/**
 * When a cron expression runs, in plain language: `Sundays at 02:00 in Berlin`, with `from` also
 * `; next: Sun 29 Mar 2026 03:00, as clocks skip 02:00`.
 */
export function describeCron(
  cron: Cron,
  zone: Zone,
  { from, localZone = zone, whose = `in ${placeOf(zone)}` }: DescribeOptions = {},
): string {
  const sentence = `${whenOf(cron)} ${whose}`;
  if (!from) return sentence;
  const [run] = matchesAfter(cron, zone, from.getTime());
  if (!run) return `${sentence}; never again`;
  const shownMs = civilOf(zone, run.atMs);
  const skipped = shownMs === run.civilMs ? '' : `, as clocks skip ${timeText(run.civilMs)}`;
  return `${sentence}; next: ${describeMoment(new Date(run.atMs), zone, localZone)}${skipped}`;
}

/**
 * When an update window is open, in plain language: `Sundays at 02:00 in Berlin, until 04:00`, with `from` also
 * `; next: Sun 29 Mar 2026 03:00 to 04:00, which lasts one hour as clocks go forward`.
 * @throws PushrodError `INVALID_INPUT` for a start that is no cron expression
 */
export function describeWindow(
  window: UpdateWindow,
  options: DescribeOptions & { blackouts?: readonly Blackout[] } = {},
): string {
  const cron = parseCron(window.start);
  const { tz, cutoffMs = 0 } = window;
  const { from, localZone = tz, blackouts = [], whose = `in ${placeOf(tz)}` } = options;
  const end = 'durationMs' in window ? `for ${lengthOf(window.durationMs)}` : `until ${endOf(cron, window.end)}`;
  const cutoff = cutoffMs === 0 ? '' : `; no device is started in the last ${lengthOf(cutoffMs)}`;
  const sentence = `${whenOf(cron)} ${whose}, ${end}${cutoff}`;
  if (!from) return sentence;
  const found = occurrenceAt(window, from, { blackouts });
  if (!found) return `${sentence}; never again`;
  const lead = found.opensAtMs <= from.getTime() ? 'open now: ' : 'next: ';
  return `${sentence}; ${lead}${describeOccurrence(found, tz, localZone)}`;
}

/** One time that a window opens: `Sun 29 Mar 2026 03:00 to 04:00, which lasts one hour as clocks go forward`. */
export function describeOccurrence(occurrence: Occurrence, zone: Zone, localZone: Zone): string {
  return `${spanOf(occurrence, zone, localZone)}${remarkOn(occurrence, zone)}`;
}

/** A moment as the site's wall clock shows it, and the reader's: `Sun 29 Mar 2026 03:00 (Sat 28 Mar 2026 21:00 here)`. */
export function describeMoment(at: Date, zone: Zone, localZone: Zone = zone): string {
  const site = civilOf(zone, at.getTime());
  const here = civilOf(localZone, at.getTime());
  return site === here ? civilText(site) : `${civilText(site)} (${civilText(here)} here)`;
}

function whenOf(cron: Cron): string {
  const [days, times] = [describeDays(cron.fields), describeTimes(cron.fields)];
  if (!times.startsWith('every')) return `${days} ${times}`;
  return days === 'Every day' ? `E${times.slice(1)}` : `${days}, ${times},`;
}

/** An end at or before the start is on the next day; where that depends on the start, the next such time is meant. */
function endOf({ fields: { hour, minute } }: Cron, end: string): string {
  const [hours = 0, minutes = 0] = end.split(':').map(Number);
  const endMinute = hours * 60 + minutes;
  const first = (hour.values[0] ?? 0) * 60 + (minute.values[0] ?? 0);
  const last = (hour.values.at(-1) ?? 0) * 60 + (minute.values.at(-1) ?? 0);
  if (last < endMinute) return end;
  return first >= endMinute ? `${end} the next day` : `the next ${end}`;
}

function spanOf({ opensAtMs, closesAtMs }: Occurrence, zone: Zone, localZone: Zone): string {
  const site = rangeText(civilOf(zone, opensAtMs), civilOf(zone, closesAtMs));
  const here = rangeText(civilOf(localZone, opensAtMs), civilOf(localZone, closesAtMs));
  return site === here ? site : `${site} (${here} here)`;
}

function rangeText(fromMs: number, toMs: number): string {
  const isSameDay = dayText(fromMs) === dayText(toMs);
  return `${civilText(fromMs)} to ${isSameDay ? timeText(toMs) : civilText(toMs)}`;
}

/** Why it lasts longer or shorter than usually; empty where it does not. */
export function remarkOn({ opensAtMs, closesAtMs, usualMs, isCutShort }: Occurrence, zone: Zone): string {
  if (isCutShort) return ', cut short by a day without updates';
  const lastsMs = closesAtMs - opensAtMs;
  // A jump at the opening shortens it without being seen on the clock; one inside is seen there.
  const shownMs = civilOf(zone, closesAtMs) - civilOf(zone, opensAtMs);
  if (lastsMs === usualMs && lastsMs === shownMs) return '';
  const isForward = lastsMs < usualMs || lastsMs < shownMs;
  return `, which lasts ${lengthOf(lastsMs)} as clocks go ${isForward ? 'forward' : 'back'}`;
}
