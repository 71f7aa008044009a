import { randomUUID } from 'node:crypto';
import { PushrodError } from '../../shared/errors.ts';
import type {
  NamedSchedule,
  Schedule,
  ScheduleCalendar,
  SchedulePreview,
  ScheduleRun,
  ScheduleTimes,
  Sha256,
  Timestamp,
  Zone,
} from '../../shared/model/index.ts';
import { localZone } from '../calendar/index.ts';
import type { Clock, Database } from '../data/index.ts';
import type { Sites } from '../sites/index.ts';
import { type RunParts, unendedOf } from './begin-run.ts';
import { calendarOf } from './calendar-of.ts';
import { describeClockChanges, describeSchedule } from './describe.ts';
import { requireRunnable } from './require-runnable.ts';
import { type RunTimes, requireTimes } from './run-times.ts';
import { createScheduleStore, newRun, type Stored, type StoredRun } from './schedule-store.ts';
import { createScheduler, type Entry } from './scheduler.ts';

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
  /** When the enabled ones are at work in some days from a time on. */
  calendar(from: Timestamp | undefined, days: number): ScheduleCalendar;
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

/** How long someone who wants a run now waits for the shared registry. */
const personWaitsMs = 30_000;

const iso = (ms: number) => new Date(ms).toISOString();

export function createSchedules({ database, sites, clock, onChange, ...parts }: SchedulesSources): Schedules {
  const store = createScheduleStore(database);
  const scheduler = createScheduler({ store, sites, clock, onChange, parts });
  const entryOf = (name: string): Entry => {
    const found = scheduler.find(name);
    if (!found) throw new PushrodError('SCHEDULE_NOT_FOUND', `There is no schedule "${name}".`);
    return found;
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
    description: describeSchedule(stored.schedule, clock.now(), localZone()),
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
    const entry = scheduler.keep(stored);
    onChange();
    return shown(entry);
  };

  return {
    list: () => [...scheduler.all()].map(shown).sort((one, other) => one.name.localeCompare(other.name)),
    get: (name) => shown(entryOf(name)),
    async set(name, schedule) {
      if (requireTimes(schedule, sites).nextAfter(clock.now()) === undefined) throw neverRuns();
      await requireRunnable(parts, schedule);
      const nowMs = clock.now();
      const fresh = { id: randomUUID(), name, isEnabled: true, createdAt: iso(nowMs) };
      return change({ ...fresh, ...scheduler.find(name)?.stored, schedule, settledMs: nowMs });
    },
    remove(name) {
      entryOf(name);
      store.remove(name);
      scheduler.forget(name);
      onChange();
    },
    enable: (name, isEnabled) => change({ ...entryOf(name).stored, isEnabled, settledMs: clock.now() }),
    async runNow(name) {
      // Others may wait for the same.
      while (scheduler.beginning(name)) await scheduler.beginning(name)?.catch(() => undefined);
      const { id } = entryOf(name).stored;
      const unended = unendedOf(parts.updates, store.lastStarted(name));
      if (unended) throw new PushrodError('CONFLICT', unended);
      const run = newRun(clock.now());
      store.record(name, [run]);
      await scheduler.begin(entryOf(name), run, () => {
        if (scheduler.find(name)?.stored.id !== id) return 'unwanted';
        return clock.now() - run.dueMs > personWaitsMs ? 'late' : undefined;
      });
      return shownRun(store.run(name, run.dueMs) ?? run);
    },
    history: (name, limit) => store.runs(entryOf(name).stored.name, limit).map(shownRun),
    next: (name, from, count) => ({ runs: runsFrom(entryOf(name).times, from, count) }),
    calendar(from, days) {
      const fromMs = from === undefined ? clock.now() : Date.parse(from);
      return calendarOf(scheduler.all(), sites, fromMs, days);
    },
    preview: ({ schedule, localZone: zone = localZone(), from, count }) => ({
      description: describeSchedule(schedule, clock.now(), zone),
      runs: runsFrom(requireTimes(schedule, sites), from, count),
      clockChanges: describeClockChanges(schedule, sites, clock.now(), zone),
    }),
    carryOn: scheduler.carryOn,
    look: scheduler.look,
    needs: (sha256) =>
      [...scheduler.all()].find(({ stored: { schedule } }) => [schedule.push.firmware].flat().includes(sha256))?.stored
        .name,
    close: scheduler.close,
  };
}

function neverRuns(): PushrodError {
  const message = 'no run of it is to come any more: its time, or its end, is past';
  return new PushrodError('INVALID_INPUT', `starts: ${message}.`, [{ field: 'starts', message }]);
}
