import type { CalendarEntry } from '../../shared/model/index.ts';

/** A day of a row, with the times of it that begin there. */
export interface CalendarCell {
  /** `YYYY-MM-DD` */
  day: string;
  times: CalendarBar[];
}

/** One time as it is drawn, by the wall clock of its row. */
export interface CalendarBar {
  opensAt: string;
  closesAt: string | null;
  /** From the beginning of the day, in hundredths of it; more than 100 together where it goes on into the next one. */
  startPercent: number;
  lengthPercent: number;
}

export interface CalendarRow {
  entry: CalendarEntry;
  /** The clock it is drawn by. */
  zone: string;
  cells: CalendarCell[];
}

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const numeric = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const made = new Intl.DateTimeFormat('en', { ...numeric, hourCycle: 'h23', timeZone: zone });
  formats.set(zone, made);
  return made;
}

/** What the clock on the wall shows then, counted to the minute as if it were UTC. */
function civilMs(time: string | number, zone: string): number {
  const parts = formatOf(zone).formatToParts(new Date(time));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = ['year', 'month', 'day', 'hour', 'minute'].map((type) =>
    Number(parts.find((part) => part.type === type)?.value),
  );
  return Date.UTC(year, month - 1, day, hour, minute);
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The rows of a calendar, whose days begin with the one it is now in the zone that is last. @param zoneHere of whoever looks */
export function calendarRows(
  entries: readonly CalendarEntry[],
  nowMs: number,
  days: number,
  zoneHere: string,
): { days: string[]; rows: CalendarRow[] } {
  const zones = new Set([zoneHere, ...entries.map(({ zone }) => zone ?? zoneHere)]);
  const firstMs = Math.min(...[...zones].map((zone) => Math.floor(civilMs(nowMs, zone) / dayMs) * dayMs));
  const all = Array.from({ length: days }, (_, index) => dayOf(firstMs + index * dayMs));
  const rows = entries.map((entry) => {
    const zone = entry.zone ?? zoneHere;
    const cells: CalendarCell[] = all.map((day) => ({ day, times: [] }));
    for (const { opensAt, closesAt } of entry.times) {
      const opens = Math.max(firstMs, civilMs(opensAt, zone));
      const closes = closesAt === null ? opens : Math.max(opens, civilMs(closesAt, zone));
      const startPercent = ((opens % dayMs) * 100) / dayMs;
      const bar = { opensAt, closesAt, startPercent, lengthPercent: ((closes - opens) * 100) / dayMs };
      cells[Math.floor((opens - firstMs) / dayMs)]?.times.push(bar);
    }
    return { entry, zone, cells };
  });
  return { days: all, rows };
}
