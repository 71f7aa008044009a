import fc from 'fast-check';
import { type Expression, followsElapsedClock, matcherOf } from './expression.ts';

/**
 * The rules of DESIGN 8, looked up minute by minute on a wall clock that `Intl` moves. It shares nothing with what it is
 * compared to: neither the parser, nor croner, nor how changes of the clock are found.
 */
export interface WallClock {
  /** Instants, a step apart. */
  at: number[];
  /** What the clock shows at each, counted as if it were UTC. */
  civil: number[];
  stepMs: number;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
export const dayMs = 86_400_000;
const longestSkipMs = 3 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

/** Civil time less UTC, in ms. */
function offsetAt(zone: string, ms: number): number {
  const known = offsets.get(zone) ?? new Map<number, number>();
  offsets.set(zone, known);
  if (known.size > 20_000) known.clear();
  const kept = known.get(ms);
  if (kept !== undefined) return kept;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  formats.set(zone, format);
  const [month = 1, day = 1, year = 0, ...time] = (format.format(ms).match(/\d+/g) ?? []).map(Number);
  const offset = Date.UTC(year, month - 1, day, ...time) - ms;
  known.set(ms, offset);
  return offset;
}

/** A wall clock between two instants. Where an hour begins and ends with the same offset, it has it throughout. */
export function wallClock(zone: string, fromMs: number, toMs: number): WallClock {
  const isWhole = [fromMs, toMs].every((ms) => offsetAt(zone, Math.floor(ms / hourMs) * hourMs) % minuteMs === 0);
  const stepMs = isWhole ? minuteMs : minuteMs / 2;
  const clock: WallClock = { at: [], civil: [], stepMs };
  for (let hour = Math.floor(fromMs / hourMs) * hourMs; hour < toMs; hour += hourMs) {
    const [first, last] = [offsetAt(zone, hour), offsetAt(zone, hour + hourMs)];
    for (let at = hour; at < hour + hourMs; at += stepMs) {
      clock.at.push(at);
      clock.civil.push(at + (first === last ? first : offsetAt(zone, at)));
    }
  }
  return clock;
}

export interface ReferenceRun {
  at: number;
  /** The time that matched. */
  civil: number;
}

/** Every match that a wall clock meets, in order; those that it skips are at the jump. */
export function* referenceRuns(expression: Expression, { at, civil, stepMs }: WallClock): Generator<ReferenceRun> {
  const { fitsMinute, seconds } = matcherOf(expression);
  const isElapsed = followsElapsedClock(expression);
  const within = (civilMs: number): number[] => {
    const minute = Math.floor(civilMs / minuteMs) * minuteMs;
    if (!fitsMinute(minute)) return [];
    return seconds
      .map((second) => minute + second * 1_000)
      .filter((match) => match >= civilMs && match < civilMs + stepMs);
  };
  let furthest = (civil[0] ?? 0) - stepMs;
  for (const [index, now] of at.entries()) {
    const shown = civil[index] ?? 0;
    const before = index === 0 ? shown - stepMs : (civil[index - 1] ?? 0);
    const skipped = shown - before - stepMs;
    if (!isElapsed && skipped > 0 && skipped <= longestSkipMs) {
      for (let missed = before + stepMs; missed < shown; missed += stepMs) {
        for (const match of within(missed)) yield { at: now, civil: match };
      }
    }
    if (isElapsed || shown > furthest) {
      for (const match of within(shown)) yield { at: now + match - shown, civil: match };
    }
    furthest = Math.max(furthest, shown);
  }
}

/**
 * When a wall clock first shows each civil time. What it skips is at the jump; a whole day that it skips has none of its
 * own, and stands for the next.
 */
function firstPassings({ at, civil, stepMs }: WallClock): (civilMs: number) => number {
  const passings = new Map<number, number | 'next day'>();
  for (const [index, now] of at.entries()) {
    const shown = civil[index] ?? 0;
    const before = index === 0 ? shown - stepMs : (civil[index - 1] ?? 0);
    const missed = shown - before - stepMs > longestSkipMs ? 'next day' : now;
    for (let skipped = before + stepMs; skipped < shown; skipped += stepMs) passings.set(skipped, missed);
    if (!passings.has(shown)) passings.set(shown, now);
  }
  const passingOf = (civilMs: number): number => {
    const passing = passings.get(civilMs);
    if (passing === undefined) throw new Error('the wall clock ends before this time');
    return passing === 'next day' ? passingOf(civilMs + dayMs) : passing;
  };
  return passingOf;
}

const oddZones = [
  ...['Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'Asia/Kathmandu', 'Australia/Eucla'],
  ...['Antarctica/Troll', 'America/Sao_Paulo', 'Europe/Dublin', 'Africa/Monrovia', 'America/St_Johns'],
  ...['America/Havana', 'Asia/Gaza', 'Pacific/Kwajalein', 'Asia/Pyongyang', 'America/Caracas', 'Europe/Berlin'],
];

/** The instants, to the nearest ten days, around which a zone changes its offset in a year. */
function changesIn(zone: string, year: number): number[] {
  const changes: number[] = [];
  for (let ms = Date.UTC(year, 0); ms < Date.UTC(year + 1, 0); ms += 10 * dayMs) {
    let [low, high] = [ms, ms + 10 * dayMs];
    if (offsetAt(zone, low) === offsetAt(zone, high)) continue;
    while (high - low > hourMs) {
      const middle = low + Math.floor((high - low) / 2 / hourMs) * hourMs;
      if (offsetAt(zone, low) === offsetAt(zone, middle)) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

/** A zone and a moment from 1970 to 2100, most of them within a day or so of a change of the clock. */
export const moments = fc
  .record({
    zone: fc.oneof(fc.constantFrom(...oddZones), fc.constantFrom(...Intl.supportedValuesOf('timeZone'))),
    year: fc.integer({ min: 1970, max: 2100 }),
    which: fc.nat(),
    isNear: fc.integer({ min: 0, max: 9 }).map((dice) => dice < 8),
    minutes: fc.integer({ min: -40 * 60, max: 8 * 60 }),
    ms: fc.constantFrom(0, 0, 0, 1, 999, 1_000, 29_500, 59_999),
  })
  .map(({ zone, year, which, isNear, minutes, ms }) => {
    const changes = isNear ? changesIn(zone, year) : [];
    const near = changes[which % changes.length] ?? Date.UTC(year, 0) + (which % 365) * dayMs;
    return { zone, atMs: near + minutes * minuteMs + ms };
  });

interface ReferenceWindow {
  open: boolean;
  accepting: boolean;
  opensAt: string;
  closesAt: string;
  cutoffAt: string;
}

/** The window at a moment, out of all that open within a day and a half of it; `undefined` where none does. */
export function referenceWindow(
  { start, endMinute, durationMs, cutoffMs, blackouts }: ReferenceRequest,
  clock: WallClock,
  atMs: number,
): ReferenceWindow | undefined {
  const passingOf = durationMs === undefined ? firstPassings(clock) : undefined;
  const blackDays = new Set(blackouts.map((date) => Date.parse(date) / dayMs));
  const isBlack = blackouts.length === 0 ? [] : clock.civil.map((civil) => blackDays.has(Math.floor(civil / dayMs)));
  const blackoutsBegin = clock.at.filter((_, index) => isBlack[index] && !isBlack[index - 1]);
  const indexOf = (ms: number) => Math.floor((ms - (clock.at[0] ?? 0)) / clock.stepMs);
  let open: { at: number; closes: number } | undefined;
  let next: { at: number; closes: number } | undefined;
  for (const { at, civil } of referenceRuns(start, clock)) {
    if (at > atMs + 1.5 * dayMs || (at > atMs && open) || (next && at > next.at)) break;
    if (isBlack[indexOf(at)]) continue;
    const sameDay = Math.floor(civil / dayMs) * dayMs + endMinute * minuteMs;
    const ends = passingOf?.(sameDay > civil ? sameDay : sameDay + dayMs) ?? at + (durationMs ?? 0);
    if (ends <= at) continue;
    const cut = blackoutsBegin.find((begin) => begin > at);
    const found = { at, closes: Math.min(ends, cut ?? ends) };
    if (at > atMs) next = found;
    else if (found.closes > atMs) open = found;
  }
  const found = open ?? next;
  if (!found) return undefined;
  const cutoff = found.closes - cutoffMs;
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    open: found === open,
    accepting: found === open && atMs < cutoff,
    opensAt: iso(found.at),
    closesAt: iso(found.closes),
    cutoffAt: iso(cutoff),
  };
}

export interface ReferenceRequest {
  start: Expression;
  /** Minutes after midnight of its end, unless it has a duration. */
  endMinute: number;
  durationMs: number | undefined;
  cutoffMs: number;
  blackouts: string[];
}
