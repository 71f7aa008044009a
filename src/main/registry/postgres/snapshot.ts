import type { Connections, Session } from './connections.ts';

/** A connection that sees the registry as it was when it was opened, whatever others change. */
export interface Snapshot extends Session {
  /** The state it sees; another snapshot with the same one sees the same. */
  state: string;
}

/** A reader may pause between batches, as an export to a slow disk does, longer than a writer may. */
const readerPauseMs = 10 * 60_000;

export async function openSnapshot(connections: Connections, signal?: AbortSignal): Promise<Snapshot> {
  const session = await connections.open(signal);
  try {
    const [row] = await session.exec<{ state: string }>(`
      BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
      SET LOCAL idle_in_transaction_session_timeout = ${readerPauseMs};
      SELECT pg_current_snapshot()::text AS state`);
    return { ...session, state: row?.state ?? '' };
  } catch (thrown) {
    session.close('broken');
    throw thrown;
  }
}

/** Runs several queries on one state of the registry. */
export async function inSnapshot<T>(connections: Connections, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const snapshot = await openSnapshot(connections);
  try {
    const result = await work(snapshot);
    await snapshot.exec('COMMIT');
    snapshot.close('whole');
    return result;
  } finally {
    snapshot.close('broken');
  }
}
