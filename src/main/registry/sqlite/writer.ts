import { statSync } from 'node:fs';
import type { Database } from '../../data/index.ts';
import { createDeviceRows, type DeviceRows } from './rows.ts';

/** What a piece of writing works with. */
export interface Writing {
  database: Database;
  rows: DeviceRows;
  /**
   * Lets others read meanwhile, and ends the writing when the signal aborted. Long work calls it every few milliseconds.
   */
  breathe(): Promise<void>;
}

/** One after the other, each in a transaction of its own that is kept only if the work says so. */
export interface Writer {
  /** Runs `work`; keeps its changes if it returns `{ keep: true }`. */
  write<T>(
    signal: AbortSignal | undefined,
    work: (writing: Writing) => Promise<{ keep: boolean; result: T }>,
  ): Promise<T>;
}

/** How long a piece of work may hold the thread before it lets others read. */
const sliceMs = 8;

export function createWriter(database: Database, onKept: () => void): Writer {
  const rows = createDeviceRows(database);
  let last: Promise<unknown> = Promise.resolve();

  const run = async <T>(
    signal: AbortSignal | undefined,
    work: (writing: Writing) => Promise<{ keep: boolean; result: T }>,
  ): Promise<T> => {
    signal?.throwIfAborted();
    let sliceEndsAtMs = performance.now() + sliceMs;
    const breathe = async () => {
      if (performance.now() < sliceEndsAtMs) return;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      sliceEndsAtMs = performance.now() + sliceMs;
    };
    database.exec('BEGIN IMMEDIATE');
    try {
      const { keep, result } = await work({ database, rows, breathe });
      signal?.throwIfAborted();
      if (keep) rows.finish();
      database.exec(keep ? 'COMMIT' : 'ROLLBACK');
      rows.forget();
      if (keep) onKept();
      return result;
    } catch (thrown) {
      rows.forget();
      if (database.inTransaction) database.exec('ROLLBACK');
      throw thrown;
    } finally {
      giveBackLog(database);
    }
  };

  return {
    write(signal, work) {
      const mine = last.then(() => run(signal, work));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** As better-sqlite3 sets it. */
const busyTimeoutMs = 5_000;
/** A log of an ordinary change is a thousandth of this. */
const largeLogBytes = 16 * 1024 * 1024;

/** A large import leaves a log as large as itself, which may be all that was left of the disk: it is emptied at once. */
function giveBackLog(database: Database): void {
  const log = statSync(`${database.name}-wal`, { throwIfNoEntry: false });
  if (!log || log.size < largeLogBytes) return;
  // While an export reads an older state, the log stays until the next large change.
  database.pragma('busy_timeout = 0');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.pragma(`busy_timeout = ${busyTimeoutMs}`);
}
