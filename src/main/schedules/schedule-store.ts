import { PushrodError } from '../../shared/errors.ts';
import {
  type Schedule,
  type ScheduleRunState,
  schedule as scheduleSchema,
  type UpdateId,
} from '../../shared/model/index.ts';
import { type Database, inTransaction } from '../data/index.ts';

/** A schedule as it is kept; times in milliseconds since the epoch. */
export interface Stored {
  /** Of this bench's schedule alone. */
  id: string;
  name: string;
  schedule: Schedule;
  isEnabled: boolean;
  /** What was due up to then is settled. */
  settledMs: number;
  createdAt: string;
}

/** A run as it is kept: its key is the time it was due. */
export interface StoredRun {
  dueMs: number;
  state: ScheduleRunState;
  reason: string | null;
  count: number;
  updateIds: UpdateId[];
  at: string;
}

/** A run that is about to begin. */
export const newRun = (dueMs: number, nowMs = dueMs): StoredRun => {
  return { dueMs, state: 'starting', reason: null, count: 1, updateIds: [], at: iso(nowMs) };
};

/** Schedules and their runs, in the data folder. */
export interface ScheduleStore {
  list(): Stored[];
  /** @throws PushrodError `SCHEDULE_NOT_FOUND` */
  get(name: string): Stored;
  put(stored: Stored): void;
  remove(name: string): void;
  run(name: string, dueMs: number): StoredRun | undefined;
  /** Puts runs on record, and, with them, that what was due up to `settledMs` is settled. */
  record(name: string, runs: StoredRun[], settledMs?: number): void;
  /** The newest first. */
  runs(name: string, limit: number): StoredRun[];
  /** The last run that began. */
  lastStarted(name: string): StoredRun | undefined;
  startedCount(name: string): number;
  /** Runs that were being put together when Pushrod ended. */
  starting(): { name: string; run: StoredRun }[];
}

interface ScheduleRow {
  id: string;
  name: string;
  schedule: string;
  is_enabled: number;
  settled_at: string;
  created_at: string;
}

interface RunRow {
  name: string;
  due_at: string;
  state: ScheduleRunState;
  reason: string | null;
  count: number;
  update_ids: string;
  at: string;
}

const iso = (ms: number) => new Date(ms).toISOString();

export function createScheduleStore(database: Database): ScheduleStore {
  const all = database.prepare<[], ScheduleRow>('SELECT * FROM schedules ORDER BY name');
  const one = database.prepare<[string], ScheduleRow>('SELECT * FROM schedules WHERE name = ?');
  const put = database.prepare(`
    INSERT INTO schedules (id, name, schedule, is_enabled, settled_at, created_at)
    VALUES (@id, @name, @schedule, @isEnabled, @settledAt, @createdAt)
    ON CONFLICT (name) DO UPDATE SET schedule = excluded.schedule, is_enabled = excluded.is_enabled,
      settled_at = excluded.settled_at`);
  const remove = database.prepare<[string]>('DELETE FROM schedules WHERE name = ?');
  const settle = database.prepare<[string, string]>('UPDATE schedules SET settled_at = ? WHERE name = ?');
  const putRun = database.prepare(`
    INSERT OR REPLACE INTO schedule_runs (name, due_at, state, reason, count, update_ids, at)
    VALUES (@name, @dueAt, @state, @reason, @count, @updateIds, @at)`);
  const oneRun = database.prepare<[string, string], RunRow>(
    'SELECT * FROM schedule_runs WHERE name = ? AND due_at = ?',
  );
  const runs = database.prepare<[string, number], RunRow>(
    'SELECT * FROM schedule_runs WHERE name = ? ORDER BY due_at DESC LIMIT ?',
  );
  const lastStarted = database.prepare<[string], RunRow>(
    `SELECT * FROM schedule_runs WHERE name = ? AND state = 'started' ORDER BY due_at DESC LIMIT 1`,
  );
  const startedCount = database
    .prepare<[string], number>(`SELECT count(*) FROM schedule_runs WHERE name = ? AND state = 'started'`)
    .pluck();
  const starting = database.prepare<[], RunRow>(`SELECT * FROM schedule_runs WHERE state = 'starting'`);

  return {
    list: () => all.all().map(toStored),
    get(name) {
      const row = one.get(name);
      if (!row) throw new PushrodError('SCHEDULE_NOT_FOUND', `There is no schedule "${name}".`);
      return toStored(row);
    },
    put({ id, name, schedule, isEnabled, settledMs, createdAt }) {
      const row = { id, name, createdAt, schedule: JSON.stringify(schedule), isEnabled: Number(isEnabled) };
      put.run({ ...row, settledAt: iso(settledMs) });
    },
    remove: (name) => void remove.run(name),
    run: (name, dueMs) => toRun(oneRun.get(name, iso(dueMs))),
    record: (name, given, settledMs) =>
      inTransaction(database, () => {
        for (const { dueMs, updateIds, ...run } of given) {
          putRun.run({ ...run, name, dueAt: iso(dueMs), updateIds: JSON.stringify(updateIds) });
        }
        if (settledMs !== undefined) settle.run(iso(settledMs), name);
      }),
    runs: (name, limit) => runs.all(name, limit).map(asRun),
    lastStarted: (name) => toRun(lastStarted.get(name)),
    startedCount: (name) => startedCount.get(name) ?? 0,
    starting: () => starting.all().map((row) => ({ name: row.name, run: asRun(row) })),
  };
}

const toStored = (row: ScheduleRow): Stored => ({
  id: row.id,
  name: row.name,
  schedule: scheduleSchema.parse(JSON.parse(row.schedule)),
  isEnabled: row.is_enabled === 1,
  settledMs: Date.parse(row.settled_at),
  createdAt: row.created_at,
});

const asRun = ({ due_at: dueAt, update_ids: updateIds, state, reason, count, at }: RunRow): StoredRun => ({
  ...{ state, reason, count, at },
  dueMs: Date.parse(dueAt),
  updateIds: JSON.parse(updateIds) as UpdateId[],
});

const toRun = (row: RunRow | undefined) => row && asRun(row);
