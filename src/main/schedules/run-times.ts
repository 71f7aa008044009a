import { PushrodError } from '../../shared/errors.ts';
import type { Blackout, ScheduleTimes, SiteWindow, UpdateWindow, Zone } from '../../shared/model/index.ts';
import { civilOf, isBlackedOut, nextRun, parseCron, windowAt } from '../calendar/index.ts';
import type { Sites } from '../sites/index.ts';

/** When the runs of a schedule are due. */
export interface RunTimes {
  /** The first one strictly after a time; `undefined` when none comes any more. Both in milliseconds since the epoch. */
  nextAfter(afterMs: number): number | undefined;
  /** Whether a run that was due at a time may still begin. */
  mayStillBegin(dueMs: number, nowMs: number): boolean;
}

/** Without a window, a run may begin so late. */
export const defaultGraceMs = 15 * 60_000;

/** @throws PushrodError `INVALID_INPUT` for a cron expression that cannot be read, and a window of the sites where there are none */
export function requireTimes(schedule: ScheduleTimes, sites: Sites): RunTimes {
  if (schedule.windows.some(({ tz }) => tz === 'site') && sites.list().length === 0) throw noSites();
  return runTimesOf(schedule, sites);
}

/**
 * A window of the sites does not open while there are none: the last one may be removed at any time.
 * @throws PushrodError `INVALID_INPUT` for a cron expression that cannot be read
 */
export function runTimesOf(schedule: ScheduleTimes & { graceMs?: number | undefined }, sites: Sites): RunTimes {
  const { starts, blackouts, endsAt, graceMs } = schedule;
  const endsMs = endsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(endsAt);
  const untilEnd = (dueMs: number | undefined) => (dueMs === undefined || dueMs > endsMs ? undefined : dueMs);
  const isInGrace = (dueMs: number, nowMs: number) => nowMs - dueMs <= (graceMs ?? defaultGraceMs);
  switch (starts.kind) {
    case 'once': {
      const atMs = Date.parse(starts.at);
      return {
        nextAfter: (afterMs) => untilEnd(atMs > afterMs ? atMs : undefined),
        mayStillBegin: (dueMs, nowMs) => isInGrace(dueMs, nowMs),
      };
    }
    case 'cron': {
      const cron = parseCron(starts.cron);
      const { tz } = starts;
      return {
        nextAfter(afterMs) {
          let run = nextRun(cron, tz, new Date(afterMs));
          while (run && isBlackedOut(blackouts, tz, run)) run = nextRun(cron, tz, run);
          return untilEnd(run?.getTime());
        },
        mayStillBegin: (dueMs, nowMs) => isInGrace(dueMs, nowMs),
      };
    }
    case 'windows': {
      /** In the order in which their day begins. */
      const windows = schedule.windows.map((window) => ({
        first: inFirstZone(window, sites),
        all: inEachZone(window, sites),
      }));
      const nextAfter = (afterMs: number) => {
        const openings = windows.map(({ first }) => first && nextOpening(first, afterMs, blackouts));
        return untilEnd(earliest(openings));
      };
      return {
        nextAfter,
        mayStillBegin(dueMs, nowMs) {
          if (graceMs !== undefined && !isInGrace(dueMs, nowMs)) return false;
          const nextMs = nextAfter(dueMs) ?? Number.POSITIVE_INFINITY;
          return windows
            .flatMap(({ all }) => all)
            .some((window) => {
              const found = windowAt(window, new Date(nowMs), { blackouts });
              if (!found || (found.open && !found.accepting)) return false;
              const opensMs = found.opensAt.getTime();
              return opensMs >= dueMs && opensMs < nextMs;
            });
        },
      };
    }
  }
}

/**
 * A window that follows its sites opens for each by its own clock; the run begins with the site whose day begins first,
 * and the others join in as their windows open.
 */
function inFirstZone({ tz, ...window }: SiteWindow, sites: Sites): UpdateWindow | undefined {
  const first = tz === 'site' ? firstZoneOf(sites) : tz;
  return first && { ...window, tz: first };
}

function inEachZone({ tz, ...window }: SiteWindow, sites: Sites): UpdateWindow[] {
  const zones = tz === 'site' ? new Set(sites.list().map(({ zone }) => zone)) : [tz];
  return [...zones].map((zone) => ({ ...window, tz: zone }));
}

/** Which of them is ahead does not depend on the season, or hardly so. */
const noonMs = Date.UTC(2026, 0, 1, 12);

function firstZoneOf(sites: Sites): Zone | undefined {
  const zones = sites.list().map(({ zone }) => zone);
  const [first] = zones.toSorted((one, other) => civilOf(other, noonMs) - civilOf(one, noonMs));
  return first;
}

/** Openings come in the order of their cron; what is blacked out, or closes as it opens, is passed over. */
function nextOpening(window: UpdateWindow, afterMs: number, blackouts: Blackout[]): number | undefined {
  const cron = parseCron(window.start);
  for (let from = new Date(afterMs); ; ) {
    const run = nextRun(cron, window.tz, from);
    if (!run) return undefined;
    const found = windowAt(window, run, { blackouts });
    if (found?.open) return run.getTime();
    if (!found) return undefined;
    from = new Date(found.opensAt.getTime() - 1);
  }
}

function noSites(): PushrodError {
  const message =
    'a window follows the time of each site, and no location has a time zone yet: set one (sites set), or name a zone';
  return new PushrodError('INVALID_INPUT', `windows: ${message}`, [{ field: 'windows', message }]);
}

function earliest(times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
