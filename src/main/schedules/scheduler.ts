import { PushrodError } from '../../shared/errors.ts';
import type { Clock } from '../data/index.ts';
import type { Sites } from '../sites/index.ts';
import { createAlarm } from './alarm.ts';
import { beginRun, type Hindrance, type RunParts } from './begin-run.ts';
import { dueOf } from './due.ts';
import { type RunTimes, runTimesOf } from './run-times.ts';
import { newRun, type ScheduleStore, type Stored, type StoredRun } from './schedule-store.ts';

/** A schedule in this process. */
export interface Entry {
  stored: Stored;
  times: RunTimes;
  /** When it is due next; `undefined` when it is not any more. */
  nextMs: number | undefined;
}

/** Begins the runs of all schedules as they come due, one at a time of each. */
export interface Scheduler {
  all(): Iterable<Entry>;
  find(name: string): Entry | undefined;
  /** Takes up a schedule as it is stored. */
  keep(stored: Stored): Entry;
  forget(name: string): void;
  /** Begins a run that is on record as `starting`. Rejects where what came of it cannot be recorded. */
  begin(entry: Entry, run: StoredRun, hindrance: () => Hindrance | undefined): Promise<void>;
  /** The run of a schedule that is being begun, to its end. */
  beginning(name: string): Promise<void> | undefined;
  /** From now on. */
  carryOn(): void;
  look(): void;
  close(): Promise<void>;
}

interface SchedulerSources {
  store: ScheduleStore;
  sites: Sites;
  clock: Clock;
  onChange(): void;
  parts: RunParts;
}

/** How long after a run could not be recorded, as on a full disk, it is looked at again. */
const tryAgainMs = 30_000;

export function createScheduler({ store, sites, clock, onChange, parts }: SchedulerSources): Scheduler {
  let loaded: Map<string, Entry> | undefined;
  /** Read when they are first asked for: most commands of the terminal never do. */
  const entries = (): Map<string, Entry> => {
    if (!loaded) {
      const all = store.list();
      loaded = new Map();
      for (const stored of all) keep(stored);
    }
    return loaded;
  };
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
    entries().set(stored.name, kept);
    return kept;
  };

  const begin = (entry: Entry, run: StoredRun, hindrance: () => Hindrance | undefined) => {
    const { name } = entry.stored;
    const former = store.lastStarted(name);
    const record = (ended: StoredRun) => {
      const current = entries().get(name);
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
      const current = entries().get(name);
      const isWanted = current?.stored.id === id && current.stored.isEnabled && current.stored.schedule === schedule;
      if (!isWanted) return 'unwanted';
      return current.times.mayStillBegin(run.dueMs, clock.now()) ? undefined : 'late';
    });
  };
  let lost: NodeJS.Timeout | undefined;
  /** Runs that were being begun when Pushrod ended, or what came of them could not be recorded. */
  const takeUp = () => {
    if (!isCarriedOn) return;
    for (const { name, run } of store.starting()) {
      const entry = entries().get(name);
      if (entry && !beginning.has(name)) beginDue(entry, run);
    }
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
      runs.push({ ...newRun(missed.lastMs, nowMs), state: 'missed', reason, count: missed.count });
    }
    const begins = runMs !== undefined && isNew(runMs) ? newRun(runMs, nowMs) : undefined;
    if (begins) runs.push(begins);
    store.record(stored.name, runs, nowMs);
    stored.settledMs = nowMs;
    entry.nextMs = nextOf(entry);
    if (begins) beginDue(entry, begins);
    if (runs.length > 0) onChange();
  };

  const ring = () => {
    const nowMs = clock.now();
    for (const entry of entries().values()) {
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
    if (!loaded) return;
    for (const { stored } of entries().values()) keep(stored);
    setAlarm();
  };
  const alarm = createAlarm(clock, ring, refresh);
  const setAlarm = () => {
    if (!isCarriedOn) return;
    let earliestMs: number | undefined;
    for (const { stored, nextMs } of entries().values()) {
      if (nextMs === undefined || beginning.has(stored.name)) continue;
      earliestMs = Math.min(earliestMs ?? nextMs, nextMs);
    }
    alarm.setTo(earliestMs);
  };
  const look = () => {
    setAlarm();
    alarm.look();
  };

  return {
    all: () => entries().values(),
    find: (name) => entries().get(name),
    keep(stored) {
      const entry = keep(stored);
      setAlarm();
      return entry;
    },
    forget(name) {
      entries().delete(name);
      setAlarm();
    },
    begin,
    beginning: (name) => beginning.get(name),
    carryOn() {
      isCarriedOn = true;
      takeUp();
      look();
    },
    look() {
      refresh();
      alarm.look();
    },
    async close() {
      closing.abort(new PushrodError('CANCELLED', 'Pushrod is being closed.'));
      alarm.close();
      clearTimeout(lost);
      await Promise.allSettled(beginning.values());
    },
  };
}

function reportLost(thrown: unknown): void {
  console.error('A run of a schedule could not be recorded:', thrown);
}
