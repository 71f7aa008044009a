import type {
  CalendarEntry,
  CalendarTime,
  Schedule,
  ScheduleCalendar,
  Site,
  UpdateWindow,
} from '../../shared/model/index.ts';
import { windowsBetween } from '../calendar/index.ts';
import type { Sites } from '../sites/index.ts';
import type { RunTimes } from './run-times.ts';
import type { Entry } from './scheduler.ts';

const dayMs = 86_400_000;
/** More would fit on no page. */
const mostSchedules = 200;
const mostTimes = 100;

interface Span {
  fromMs: number;
  untilMs: number;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** When the enabled schedules are at work from a time on, in milliseconds since the epoch: those first that run soonest. */
export function calendarOf(all: Iterable<Entry>, sites: Sites, fromMs: number, days: number): ScheduleCalendar {
  const span = { fromMs, untilMs: fromMs + days * dayMs };
  const runs = [...all].filter(({ stored, nextMs }) => stored.isEnabled && nextMs !== undefined);
  const inOrder = runs.sort((one, other) => nextOf(one) - nextOf(other));
  const known = sites.list();
  const entries = inOrder.slice(0, mostSchedules).flatMap((one) => entriesOf(one, known, span));
  const next = inOrder[mostSchedules];
  return { entries, hasMore: next !== undefined && nextOf(next) < span.untilMs };
}

const nextOf = ({ nextMs = Number.POSITIVE_INFINITY }: Entry) => nextMs;

function entriesOf({ stored: { name, schedule }, times: runTimes }: Entry, sites: Site[], span: Span): CalendarEntry[] {
  const { windows, starts } = schedule;
  const entries = windows.flatMap(({ tz, ...window }): CalendarEntry[] => {
    if (tz !== 'site') {
      return [{ name, zone: tz, location: null, times: timesOf({ ...window, tz }, schedule, undefined, span) }];
    }
    return sites.map((site) => {
      const { zone, location } = site;
      return { name, zone, location, times: timesOf({ ...window, tz: zone }, schedule, site, span) };
    });
  });
  if (windows.length === 0) {
    const zone = starts.kind === 'cron' ? starts.tz : null;
    entries.push({ name, zone, location: null, times: runsOf(runTimes, span) });
  }
  return entries.filter(({ times }) => times.length > 0);
}

function timesOf(
  window: UpdateWindow,
  { blackouts, endsAt }: Schedule,
  site: Site | undefined,
  span: Span,
): CalendarTime[] {
  const endsMs = endsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(endsAt);
  const off = { blackouts: [...blackouts, ...(site?.blackouts ?? [])] };
  return windowsBetween(window, { ...span, most: mostTimes }, off)
    .filter(({ opensAtMs }) => opensAtMs <= endsMs)
    .map(({ opensAtMs, closesAtMs }) => ({ opensAt: iso(opensAtMs), closesAt: iso(closesAtMs) }));
}

function runsOf({ nextAfter }: RunTimes, { fromMs, untilMs }: Span): CalendarTime[] {
  const times: CalendarTime[] = [];
  let atMs = nextAfter(fromMs);
  for (; atMs !== undefined && atMs < untilMs && times.length < mostTimes; atMs = nextAfter(atMs)) {
    times.push({ opensAt: iso(atMs), closesAt: null });
  }
  return times;
}
