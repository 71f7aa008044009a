import type { Zone } from '../../shared/model/index.ts';

/**
 * Time that passes without a change of the zone's offset: `[startMs, endMs)`. It may end where the offset does not
 * change. What the wall clock shows is counted like an instant, as if the place were at UTC ("civil").
 */
export interface Stretch {
  startMs: number;
  endMs: number;
  /** Civil time less UTC. */
  offsetMs: number;
  /** How far the clock was put forward at `startMs`, or back (negative); 0 where no change is known. */
  changeMs: number;
}

const dayMs = 86_400_000;
/** Stretches are found and kept for so much time at once. */
const blockMs = 32 * dayMs;
/** A change this long before a block is known in it. */
const lookBackMs = 2 * dayMs;
/** Further than any zone has ever been from UTC. */
const furthestOffsetMs = 16 * 3_600_000;
/** A whole day is the most that was ever skipped. */
const longestChangeMs = dayMs;

/** The stretch that holds an instant. */
export function stretchAt(zone: Zone, ms: number): Stretch {
  const block = Math.floor(ms / blockMs);
  const found = stretchesOf(zone, block).findLast(({ startMs }) => startMs <= ms);
  if (!found) throw new RangeError(`no stretch of ${zone} at ${ms}`);
  return found;
}

/** The stretches that meet `[fromMs, toMs)`, in their order. */
export function* stretchesBetween(zone: Zone, fromMs: number, toMs: number): Generator<Stretch> {
  for (let atMs = fromMs; atMs < toMs; ) {
    const stretch = stretchAt(zone, atMs);
    yield stretch;
    atMs = stretch.endMs;
  }
}

/** What the wall clock shows at an instant. */
export function civilOf(zone: Zone, ms: number): number {
  return ms + stretchAt(zone, ms).offsetMs;
}

/** When the wall clock shows a civil time for the first time; where it skips it, the moment of the jump, and how far. */
export function passingOf(zone: Zone, civilMs: number): { atMs: number; skippedMs: number } {
  const fromMs = civilMs - furthestOffsetMs - longestChangeMs;
  for (const { startMs, endMs, offsetMs, changeMs } of stretchesBetween(zone, fromMs, civilMs + furthestOffsetMs)) {
    if (civilMs >= startMs + offsetMs && civilMs < endMs + offsetMs) {
      return { atMs: civilMs - offsetMs, skippedMs: 0 };
    }
    if (civilMs < startMs + offsetMs && civilMs >= startMs + offsetMs - changeMs) {
      return { atMs: startMs, skippedMs: changeMs };
    }
  }
  throw new RangeError(`the wall clock of ${zone} never shows ${civilMs}`);
}

const known = new Map<Zone, Map<number, Stretch[]>>();
/** About 350 years of one zone. */
const mostBlocks = 4_096;

function stretchesOf(zone: Zone, block: number): Stretch[] {
  const blocks = known.get(zone) ?? new Map<number, Stretch[]>();
  known.set(zone, blocks);
  const kept = blocks.get(block);
  if (kept) return kept;
  if (blocks.size >= mostBlocks) blocks.clear();
  const found = findStretches(zone, block * blockMs - lookBackMs, (block + 1) * blockMs);
  blocks.set(block, found);
  return found;
}

/** No zone has ever changed twice within three days, so one look a day misses nothing. */
function findStretches(zone: Zone, fromMs: number, toMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  let current: Stretch = { startMs: fromMs, endMs: toMs, offsetMs: offsetAt(zone, fromMs), changeMs: 0 };
  for (let atMs = fromMs; atMs < toMs; atMs += dayMs) {
    const nextMs = Math.min(atMs + dayMs, toMs);
    const offsetMs = offsetAt(zone, nextMs);
    if (offsetMs === current.offsetMs) continue;
    const startMs = changeBetween(zone, atMs, nextMs);
    if (startMs === toMs) break;
    stretches.push({ ...current, endMs: startMs });
    current = { startMs, endMs: toMs, offsetMs, changeMs: offsetMs - current.offsetMs };
  }
  return [...stretches, current];
}

/** By bisection, to the second; `toMs` has another offset than `fromMs`. */
function changeBetween(zone: Zone, fromMs: number, toMs: number): number {
  const before = offsetAt(zone, fromMs);
  let [low, high] = [fromMs, toMs];
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

const formats = new Map<Zone, Intl.DateTimeFormat>();

/** Civil time less UTC at an instant of a whole second. Old offsets have seconds (Monrovia: −00:44:30 until 1972). */
function offsetAt(zone: Zone, ms: number): number {
  const format = formats.get(zone) ?? formatOf(zone);
  formats.set(zone, format);
  const [day = 0, hour = 0, minute = 0, second = 0] = (format.format(ms).match(/\d+/g) ?? []).map(Number);
  const utc = new Date(ms);
  const daysApart = day === utc.getUTCDate() ? 0 : day === new Date(ms + dayMs).getUTCDate() ? 1 : -1;
  const ofDayMs = ((hour * 60 + minute) * 60 + second) * 1_000;
  return daysApart * dayMs + ofDayMs - (ms - Math.floor(ms / dayMs) * dayMs);
}

function formatOf(zone: Zone): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  });
}
