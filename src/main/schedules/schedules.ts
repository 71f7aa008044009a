import { randomUUID } from 'node:crypto';
import { PushrodError } from '../../shared/errors.ts';
import {
  hasEnded,
  type NamedSchedule,
  type Schedule,
  type SchedulePreview,
  type ScheduleRun,
  type ScheduleTimes,
  type Sha256,
  type Timestamp,
  type Zone,
} from '../../shared/model/index.ts';
import { parseZone } from '../calendar/index.ts';
import type { Clock, Database } from '../data/index.ts';
import type { Sites } from '../sites/index.ts';
import { createAlarm } from './alarm.ts';
import { beginRun, type Hindrance, type RunParts } from './begin-run.ts';
import { describeClockChanges, describeSchedule } from './describe.ts';
import { dueOf } from './due.ts';
import { requireRunnable } from './require-runnable.ts';
import { type RunTimes, requireTimes, runTimesOf } from './run-times.ts';
import { createScheduleStore, type Stored, type StoredRun } from './schedule-store.ts';

/** Pushes that begin by themselves: when, of what, and what came of it. */
export interface Schedules {
  list(): NamedSchedule[];
  /** @throws PushrodError `SCHEDULE_NOT_FOUND` */
  get(name: string): NamedSchedule;
  /**
   * A new one is enabled. What a run of it would be refused for now is thrown, but for a selection that no device is in,
   * and a library that has nothing yet. @throws PushrodError
   */
  set(name: string, schedule: Schedule): Promise<NamedSchedule>;
  /** Pushes that it began go on. @throws PushrodError `SCHEDULE_NOT_FOUND` */
  remove(name: string): void;
  /** What it missed while it was disabled stays so. @throws PushrodError `SCHEDULE_NOT_FOUND` */
  enable(name: string, isEnabled: boolean): NamedSchedule;
  /** Begins a run out of turn. @throws PushrodError `SCHEDULE_NOT_FOUND`; `CONFLICT` while the run before goes on */
  runNow(name: string): Promise<ScheduleRun>;
  /** Its runs, the newest first. @throws PushrodError `SCHEDULE_NOT_FOUND` */
  history(name: string, limit: number): ScheduleRun[];
  /** Its next runs after a time. @throws PushrodError `SCHEDULE_NOT_FOUND` */
  next(name: string, from: Timestamp | undefined, count: number): Pick<SchedulePreview, 'runs'>;
  /** What a schedule means, in words, and its next runs after a time. @throws PushrodError `INVALID_INPUT` */
  preview(asked: PreviewRequest): SchedulePreview;
  /** Begins runs as they come due, from now on: for a Pushrod that stays open. */
  carryOn(): void;
  /** The laptop was asleep, or a site was changed. */
  look(): void;
  /** Firmware that runs to come push, and the schedule that does. */
  needs(sha256: Sha256): string | undefined;
  close(): Promise<void>;
}

export interface PreviewRequest {
  schedule: ScheduleTimes;
  /** Of whoever reads it; this laptop's when left out. */
  localZone?: Zone | undefined;
  from?: Timestamp | undefined;
  count: number;
}

export interface SchedulesSources extends RunParts {
  database: Database;
  sites: Sites;
  clock: Clock;
  onChange(): void;
}

/** A schedule in this process. */
interface Entry {
  stored: Stored;
  times: RunTimes;
  /** When it is due next; `undefined` when it is not any more. */
  nextMs: number | undefined;
}

/** It changes where the laptop travels. */
const laptopZone = () => parseZone(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** How long after a run could not be recorded, as on a full disk, it is looked at again. */
const tryAgainMs = 30_000;

/** How long someone who wants a run now waits for the shared registry. */
const personWaitsMs = 30_000;

const iso = (ms: number) => new Date(ms).toISOString();

export function createSchedules({ database, sites, clock, onChange, ...parts }: SchedulesSources): Schedules {
  const store = createScheduleStore(database);
  const entries = new Map<string, Entry>();
  /** Runs that are being begun, by the schedule's name: one at a time. */
  const beginning = new Map<string, Promise<void>>();
  const closing = new AbortController();
  let isCarriedOn = false;

  const nextOf = ({ stored: { name, schedule, isEnabled, settledMs }, times }: Omit<Entry, 'nextMs'>) => {
    const isSpent = schedule.maxRuns !== undefined && store.startedCount(name) >= schedule.maxRuns;
    return isEnabled && !isSpent ? times.nextAfter(settledMs) : undefined;
  };
  const keep = (given: Stored): Entry => {
    // A clock that was set back has it all before it once more; what has run is on record.
    const stored = { ...given, settledMs: Math.min(given.settledMs, clock.now()) };
    const entry = { stored, times: runTimesOf(stored.schedule, sites) };
    const kept = { ...entry, nextMs: nextOf(entry) };
    entries.set(stored.name, kept);
    return kept;
  };
  const entryOf = (name: string): Entry => {
    const found = entries.get(name);
    if (!found) throw new PushrodError('SCHEDULE_NOT_FOUND', `There is no schedule "${name}".`);
    return found;
  };
  for (const stored of store.list()) keep(stored);

  const begin = (entry: Entry, run: StoredRun, hindrance: () => Hindrance | undefined) => {
    const { name } = entry.stored;
    const former = store.lastStarted(name);
    const record = (ended: StoredRun) => {
      const current = entries.get(name);
      // It may have been removed meanwhile, and another may have its name.
      if (current?.stored.id !== entry.stored.id) return;
      store.record(name, [ended]);
      current.nextMs = nextOf(current);
      onChange();
    };
    const { signal } = closing;
    const begun = beginRun(parts, { stored: entry.stored, run, former, hindrance, record, signal }).finally(() => {
      beginning.delete(name);
      look();
    });
    begun.catch((thrown: unknown) => {
      reportLost(thrown);
      clearTimeout(lost);
      if (!signal.aborted) lost = setTimeout(takeUp, tryAgainMs);
    });
    beginning.set(name, begun);
    return begun;
  };
  /** Begins a run by itself, unless it has become too late while it waited, or nobody wants it any more. */
  const beginDue = (entry: Entry, run: StoredRun) => {
    const { id, name, schedule } = entry.stored;
    void begin(entry, run, () => {
      const current = entries.get(name);
      const isWanted = current?.stored.id === id && current.stored.isEnabled && current.stored.schedule === schedule;
      if (!isWanted) return 'unwanted';
      return current.times.mayStillBegin(run.dueMs, clock.now()) ? undefined : 'late';
    });
  };
  let lost: NodeJS.Timeout | undefined;
  /** Runs that were being begun when Pushrod ended, or what came of them could not be recorded. */
  const takeUp = () => {
    if (!isCarriedOn) return;
    for (const { name, run } of store.starting()) if (!beginning.has(name)) beginDue(entryOf(name), run);
  };
  const starting = (dueMs: number): StoredRun => {
    return { dueMs, state: 'starting', reason: null, count: 1, updateIds: [], at: iso(clock.now()) };
  };
  /** Puts on record what is due, and begins the last of it. */
  const settle = (entry: Entry) => {
    const { stored, times } = entry;
    const nowMs = clock.now();
    const { missed, runMs } = dueOf(times, stored.settledMs, nowMs);
    const isNew = (dueMs: number) => (store.run(stored.name, dueMs)?.state ?? 'missed') === 'missed';
    const runs: StoredRun[] = [];
    if (missed && isNew(missed.lastMs)) {
      const reason = 'Pushrod was not open, or the laptop asleep.';
      runs.push({ ...starting(missed.lastMs), state: 'missed', reason, count: missed.count });
    }
    const begins = runMs !== undefined && isNew(runMs) ? starting(runMs) : undefined;
    if (begins) runs.push(begins);
    store.record(stored.name, runs, nowMs);
    stored.settledMs = nowMs;
    entry.nextMs = nextOf(entry);
    if (begins) beginDue(entry, begins);
    if (runs.length > 0) onChange();
  };

  const ring = () => {
    const nowMs = clock.now();
    for (const entry of entries.values()) {
      const isDue = entry.nextMs !== undefined && entry.nextMs <= nowMs;
      if (!isDue || beginning.has(entry.stored.name)) continue;
      try {
        settle(entry);
      } catch (thrown) {
        reportLost(thrown);
        entry.nextMs = nowMs + tryAgainMs;
      }
    }
    setAlarm();
  };
  const refresh = () => {
    for (const { stored } of entries.values()) keep(stored);
    setAlarm();
  };
  const alarm = createAlarm(clock, ring, refresh);
  const setAlarm = () => {
    let earliestMs: number | undefined;
    for (const { stored, nextMs } of entries.values()) {
      if (nextMs === undefined || beginning.has(stored.name)) continue;
      earliestMs = Math.min(earliestMs ?? nextMs, nextMs);
    }
    alarm.setTo(isCarriedOn ? earliestMs : undefined);
  };
  const look = () => {
    setAlarm();
    alarm.look();
  };

  const shownRun = ({ dueMs, updateIds, ...run }: StoredRun): ScheduleRun => {
    const updates = updateIds.flatMap((id) => parts.updates.find(id) ?? []);
    return { ...run, dueAt: iso(dueMs), updates };
  };
  const shown = ({ stored, nextMs }: Entry): NamedSchedule => ({
    ...stored.schedule,
    name: stored.name,
    isEnabled: stored.isEnabled,
    nextRunAt: nextMs === undefined ? null : iso(nextMs),
    lastRun: store.runs(stored.name, 1).map(shownRun)[0] ?? null,
    runs: store.startedCount(stored.name),
    description: describeSchedule(stored.schedule, clock.now(), laptopZone()),
    createdAt: stored.createdAt,
  });
  const runsFrom = (times: RunTimes, from: Timestamp | undefined, count: number) => {
    const runs: Timestamp[] = [];
    let nextMs = times.nextAfter(from === undefined ? clock.now() : Date.parse(from));
    for (; nextMs !== undefined && runs.length < count; nextMs = times.nextAfter(nextMs)) runs.push(iso(nextMs));
    return runs;
  };
  const change = (stored: Stored) => {
    store.put(stored);
    const entry = keep(stored);
    setAlarm();
    onChange();
    return shown(entry);
  };

  return {
    list: () => [...entries.values()].map(shown).sort((one, other) => one.name.localeCompare(other.name)),
    get: (name) => shown(entryOf(name)),
    async set(name, schedule) {
      if (requireTimes(schedule, sites).nextAfter(clock.now()) === undefined) throw neverRuns();
      await requireRunnable(parts, schedule);
      const nowMs = clock.now();
      const fresh = { id: randomUUID(), name, isEnabled: true, createdAt: iso(nowMs) };
      return change({ ...fresh, ...entries.get(name)?.stored, schedule, settledMs: nowMs });
    },
    remove(name) {
      entryOf(name);
      store.remove(name);
      entries.delete(name);
      setAlarm();
      onChange();
    },
    enable: (name, isEnabled) => change({ ...entryOf(name).stored, isEnabled, settledMs: clock.now() }),
    async runNow(name) {
      // Others may wait for the same.
      while (beginning.has(name)) await beginning.get(name)?.catch(() => undefined);
      const entry = entryOf(name);
      const unended = store
        .lastStarted(name)
        ?.updateIds.map((id) => parts.updates.find(id))
        .find((one) => one && !hasEnded(one.state));
      if (unended) throw new PushrodError('CONFLICT', `"${unended.name}" of the run before is still ${unended.state}.`);
      const run = starting(clock.now());
      store.record(name, [run]);
      await begin(entry, run, () => {
        if (entries.get(name)?.stored.id !== entry.stored.id) return 'unwanted';
        return clock.now() - run.dueMs > personWaitsMs ? 'late' : undefined;
      });
      return shownRun(store.run(name, run.dueMs) ?? run);
    },
    history: (name, limit) => store.runs(entryOf(name).stored.name, limit).map(shownRun),
    next: (name, from, count) => ({ runs: runsFrom(entryOf(name).times, from, count) }),
    preview: ({ schedule, localZone = laptopZone(), from, count }) => ({
      description: describeSchedule(schedule, clock.now(), localZone),
      runs: runsFrom(requireTimes(schedule, sites), from, count),
      clockChanges: describeClockChanges(schedule, sites, clock.now(), localZone),
    }),
    carryOn() {
      isCarriedOn = true;
      takeUp();
      look();
    },
    look() {
      refresh();
      alarm.look();
    },
    needs: (sha256) =>
      [...entries.values()].find(({ stored: { schedule } }) => [schedule.push.firmware].flat().includes(sha256))?.stored
        .name,
    async close() {
      closing.abort(new PushrodError('CANCELLED', 'Pushrod is being closed.'));
      alarm.close();
      clearTimeout(lost);
      await Promise.allSettled(beginning.values());
    },
  };
}

function neverRuns(): PushrodError {
  const message = 'no run of it is to come any more: its time, or its end, is past';
  return new PushrodError('INVALID_INPUT', `starts: ${message}.`, [{ field: 'starts', message }]);
}

function reportLost(thrown: unknown): void {
  console.error('A run of a schedule could not be recorded:', thrown);
}
