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
const offsets = new Map<string, number>();

/** Civil time less UTC, in ms. */
function offsetAt(zone: string, ms: number): number {
  const key = `${zone} ${ms}`;
  const kept = offsets.get(key);
  if (kept !== undefined) return kept;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  formats.set(zone, format);
  const shown = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - ms;
  if (offsets.size > 500_000) offsets.clear();
  offsets.set(key, offset);
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
  function* within(civilMs: number): Generator<number> {
    const minute = Math.floor(civilMs / minuteMs) * minuteMs;
    if (!fitsMinute(minute)) return;
    for (const second of seconds) {
      const match = minute + second * 1_000;
      if (match >= civilMs && match < civilMs + stepMs) yield match;
    }
  }
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

/** When a wall clock first shows a civil time, or jumps over it; over a whole day it is looked for on the next. */
export function referencePassing({ at, civil, stepMs }: WallClock, target: number): number {
  for (const [index, now] of at.entries()) {
    const shown = civil[index] ?? 0;
    const before = index === 0 ? shown - stepMs : (civil[index - 1] ?? 0);
    if (target >= shown && target < shown + stepMs) return now + target - shown;
    if (before + stepMs <= target && target < shown) {
      return shown - before - stepMs > longestSkipMs ? referencePassing({ at, civil, stepMs }, target + dayMs) : now;
    }
  }
  throw new Error('the wall clock ends before this time');
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
