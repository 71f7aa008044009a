import type { Blackout, Zone } from '../../shared/model/index.ts';
import { civilOf, stretchesBetween } from './wall-clock.ts';

const dayMs = 86_400_000;

/** Whether the civil day that a place has at an instant is blacked out. */
export function isBlackedOut(blackouts: readonly Blackout[], zone: Zone, at: Date): boolean {
  const day = new Date(civilOf(zone, at.getTime())).toISOString().slice(0, 10);
  return blackouts.some(({ date }) => date === day);
}

/** The first moment in `[fromMs, toMs)` of a blacked-out civil day, if there is one. */
export function firstBlackedOut(
  blackouts: readonly Blackout[],
  zone: Zone,
  fromMs: number,
  toMs: number,
): number | undefined {
  if (blackouts.length === 0) return undefined;
  const days = blackouts.map(({ date }) => Date.parse(date));
  for (const { startMs, endMs, offsetMs } of stretchesBetween(zone, fromMs, toMs)) {
    const low = Math.max(startMs, fromMs) + offsetMs;
    const high = Math.min(endMs, toMs) + offsetMs;
    const met = days.filter((day) => day < high && day + dayMs > low);
    if (met.length > 0) return Math.max(low, Math.min(...met)) - offsetMs;
  }
  return undefined;
}
