import { PushrodError } from '../../shared/errors.ts';
import type { Blackout, Device, DeviceUpdate, PushRequest, Site, UpdateWindow } from '../../shared/model/index.ts';
import { parseCron, windowAt } from '../calendar/index.ts';
import type { Clock } from '../data/index.ts';
import type { Sites } from '../sites/index.ts';

/** Whether a device may be worked on, as its update windows have it. */
export interface Passage {
  /** What is there may be activated. */
  isOpen: boolean;
  /** It may be begun. */
  isAccepting: boolean;
  /** When it may be begun next, in milliseconds since the epoch; now where it may, never where no window comes any more. */
  acceptsAtMs: number;
  /** Until then all of this stays so. */
  changesAtMs: number;
}

/** Holds the devices of an update back until their windows open. */
export interface Gate {
  passageOf(device: Pick<DeviceUpdate, 'location'>): Passage;
  /** When to look again at those that were asked about. */
  readonly changesAtMs: number;
}

interface GateSources {
  sites: Sites;
  clock: Clock;
}

const never = Number.POSITIVE_INFINITY;

/** All devices of one location pass together. Without windows everything may pass at any time. */
export function createGate({ sites, clock }: GateSources, { windows, blackouts }: PushRequest): Gate {
  const passages = new Map<string | null, Passage & { sinceMs: number; site: Site | undefined }>();
  const lookAt = (site: Site | undefined, nowMs: number): Passage => {
    const shut = [...blackouts, ...(site?.blackouts ?? [])];
    const found = windows.flatMap(({ tz, ...window }) => {
      const own = tz === 'site' ? site?.zone : tz;
      return own === undefined ? [] : (lookAtWindow({ ...window, tz: own }, shut, nowMs) ?? []);
    });
    const changes = found.flatMap((one) => [one.opensAt, one.cutoffAt, one.closesAt].map((at) => at.getTime()));
    return {
      isOpen: found.some(({ open }) => open),
      isAccepting: found.some(({ accepting }) => accepting),
      acceptsAtMs: Math.min(never, ...found.map(({ acceptsAtMs }) => acceptsAtMs)),
      changesAtMs: Math.min(never, ...changes.filter((atMs) => atMs > nowMs)),
    };
  };
  return {
    passageOf({ location }) {
      const nowMs = clock.now();
      if (windows.length === 0) return { isOpen: true, isAccepting: true, acceptsAtMs: nowMs, changesAtMs: never };
      const last = passages.get(location);
      const site = sites.get(location);
      // A clock that was set back is noticed as well.
      if (last && last.site === site && nowMs >= last.sinceMs && nowMs < last.changesAtMs) return last;
      const passage = { ...lookAt(site, nowMs), sinceMs: nowMs, site };
      passages.set(location, passage);
      return passage;
    },
    get changesAtMs() {
      // What is past belongs to a location that nobody asks about any more.
      const ahead = [...passages.values()].filter(({ changesAtMs }) => changesAtMs > clock.now());
      return Math.min(never, ...ahead.map(({ changesAtMs }) => changesAtMs));
    },
  };
}

/** A window now, or the next one, and when it lets devices in; `undefined` where none comes any more. */
function lookAtWindow(window: UpdateWindow, blackouts: Blackout[], nowMs: number) {
  const now = windowAt(window, new Date(nowMs), { blackouts });
  if (!now) return undefined;
  const isOver = now.open && !now.accepting;
  const next = isOver ? windowAt(window, now.closesAt, { blackouts }) : now;
  const acceptsAtMs = next ? Math.max(nowMs, next.opensAt.getTime()) : never;
  return { ...now, acceptsAtMs };
}

/**
 * @throws PushrodError `INVALID_INPUT` for a window that cannot be read, or follows the time of a device's site where that
 * has no time zone
 */
export function requireWindows(sites: Sites, { windows }: PushRequest, devices: readonly Device[]): void {
  for (const { start } of windows) parseCron(start);
  if (!windows.some(({ tz }) => tz === 'site')) return;
  const without = devices.filter(({ location }) => sites.get(location) === undefined);
  const locations = [...new Set(without.map(({ location }) => location ?? 'no location'))];
  if (locations.length === 0) return;
  const message = `the window follows the time of each site, and these have no time zone: ${locations.join(', ')}`;
  throw new PushrodError('INVALID_INPUT', `window: ${message}. Set it with "sites set", or give the window a zone.`, [
    { field: 'windows', message },
  ]);
}
