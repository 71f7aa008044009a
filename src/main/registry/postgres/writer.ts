import type { Connections, Session } from './connections.ts';
import { locks } from './locks.ts';

export const channel = 'pushrod_devices';

/** What a piece of writing returns: its changes are kept if it says so. */
export interface Outcome<T> {
  keep: boolean;
  result: T;
}

/** Writes in transactions, and tells the other benches of what was kept. */
export interface Writer {
  /** One after the other, in all benches: what adds or removes devices, or changes several. */
  write<T>(signal: AbortSignal | undefined, work: (session: Session) => Promise<Outcome<T>>): Promise<T>;
  /** Beside all that: what changes one device. */
  writeOne<T>(signal: AbortSignal | undefined, work: (session: Session) => Promise<Outcome<T>>): Promise<T>;
}

/** `sender` names this bench among those that listen: it does not tell itself. */
export function createWriter(connections: Connections, sender: string, onKept: () => void): Writer {
  let last: Promise<unknown> = Promise.resolve();

  const inTransaction = async <T>(
    begin: string,
    signal: AbortSignal | undefined,
    work: (session: Session) => Promise<Outcome<T>>,
  ): Promise<T> => {
    const session = await connections.open(signal);
    try {
      await session.exec(begin);
      const { keep, result } = await work(session);
      await session.exec(keep ? `NOTIFY ${channel}, '${sender}'; COMMIT` : 'ROLLBACK');
      session.close('whole');
      if (keep) onKept();
      return result;
    } finally {
      session.close('broken');
    }
  };

  return {
    async write(signal, work) {
      // Those of this bench wait here, not each with a connection of its own.
      const before = last;
      const mine = (async () => {
        await abortable(before, signal);
        const begin = `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(${locks.writing})`;
        return inTransaction(begin, signal, work);
      })();
      last = Promise.allSettled([before, mine]);
      return mine;
    },
    writeOne: (signal, work) => inTransaction('BEGIN', signal, work),
  };
}

/** Waits for `turn`, but no longer than until the signal aborts. */
async function abortable(turn: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return void (await turn);
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([turn, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
