import { PushrodError } from '../../shared/errors.ts';
import type { Blackout, Device, DeviceUpdate, PushRequest, Site, UpdateWindow } from '../../shared/model/index.ts';
import { parseCron, windowAt } from '../calendar/index.ts';
import type { Clock } from '../data/index.ts';
import type { Sites } from '../sites/index.ts';
import type { Ledger } from './ledger.ts';

/** Holds the devices of an update back until their windows open. */
export interface Gate {
  /** Whether a device may be begun, or tried again, now; */
  mayPass(device: DeviceUpdate): boolean;
  /** and whether what is there may be activated. */
  mayActivate(device: DeviceUpdate): boolean;
  /** When the first of the devices that wait may be begun, where none may now; never where no window comes any more. */
  opensAtMs(): number | undefined;
  /** When to look again at the devices that were asked about. */
  readonly changesAtMs: number;
}

/** What the windows of a location say; times in milliseconds since the epoch. */
interface Passage {
  isOpen: boolean;
  isAccepting: boolean;
  /** Now where it accepts, never where no window comes any more. */
  acceptsAtMs: number;
  /** Until then all of this stays so. */
  changesAtMs: number;
}

interface GateSources {
  sites: Sites;
  clock: Clock;
}

const never = Number.POSITIVE_INFINITY;

/** All devices of one location pass together. Without windows everything may pass at any time. */
export function createGate(
  { sites, clock }: GateSources,
  ledger: Pick<Ledger, 'request' | 'isOrdered' | 'queue'>,
): Gate {
  const { windows, blackouts, stageOnly } = ledger.request;
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
  const passageOf = ({ location }: DeviceUpdate): Passage => {
    const nowMs = clock.now();
    if (windows.length === 0) return { isOpen: true, isAccepting: true, acceptsAtMs: nowMs, changesAtMs: never };
    const last = passages.get(location);
    const site = sites.get(location);
    // A clock that was set back is noticed as well.
    if (last && last.site === site && nowMs >= last.sinceMs && nowMs < last.changesAtMs) return last;
    const passage = { ...lookAt(site, nowMs), sinceMs: nowMs, site };
    passages.set(location, passage);
    return passage;
  };
  // What was begun is confirmed at any time; with `stageOnly`, windows are for what comes after the staging.
  const mayPass = (device: DeviceUpdate) =>
    device.unconfirmedSince !== null ||
    ledger.isOrdered(device) ||
    (stageOnly && device.state !== 'staged') ||
    passageOf(device).isAccepting;

  return {
    mayPass,
    mayActivate: (device) => ledger.isOrdered(device) || passageOf(device).isOpen,
    opensAtMs() {
      let earliestMs: number | undefined;
      for (const device of ledger.queue()) {
        if (mayPass(device)) return undefined;
        earliestMs = Math.min(earliestMs ?? never, passageOf(device).acceptsAtMs);
      }
      return earliestMs;
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
