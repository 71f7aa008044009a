import { Pool, type PoolClient } from 'pg';
import { toRegistryError } from './faults.ts';
import type { Target } from './target.ts';

/** Runs one statement and returns its rows. */
export type Query = <Row = unknown>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

/** A connection held for a while, to hold a transaction. */
export interface Session {
  query: Query;
  /** Runs one statement and returns how many rows it touched. */
  run(sql: string, parameters?: unknown[]): Promise<number>;
  /** Runs several statements without parameters in one go. Returns the rows of the last one. */
  exec<Row = unknown>(sql: string): Promise<Row[]>;
  /** Gives the connection back; `broken` ends it, and with it a transaction that is open. */
  close(how: 'whole' | 'broken'): void;
}

/** Connections to the database, made when needed. All that fails rejects with a PushrodError. */
export interface Connections {
  query: Query;
  /** When `signal` aborts, the server stops what it does and what waits for it rejects with the signal's reason. */
  open(signal?: AbortSignal): Promise<Session>;
  /** The server has fallen silent: whoever waits for it is told so now. */
  breakAll(): void;
  close(): Promise<void>;
}

export function createConnections(target: Target, most: number): Connections {
  const pool = new Pool({ ...target.config, max: most });
  const sessions = new Set<Session>();
  // A connection that breaks makes its query fail, or is replaced when idle; the event says nothing new.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  const connect = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (thrown) {
      throw toRegistryError(thrown, target);
    }
  };
  /** The connection that works on it is gone already; this ends the work itself. */
  const cancel = (client: PoolClient) => {
    const { processID } = client as PoolClient & { processID: number };
    pool.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
  };

  const open = async (signal?: AbortSignal): Promise<Session> => {
    signal?.throwIfAborted();
    const client = await connect();
    let isOpen = true;
    const close = (how: 'whole' | 'broken') => {
      if (!isOpen) return;
      isOpen = false;
      sessions.delete(session);
      signal?.removeEventListener('abort', abort);
      client.release(how === 'broken');
    };
    const abort = () => {
      close('broken');
      cancel(client);
    };
    const send = async (sql: string, parameters?: unknown[]) => {
      signal?.throwIfAborted();
      try {
        return await client.query(sql, parameters);
      } catch (thrown) {
        signal?.throwIfAborted();
        throw toRegistryError(thrown, target);
      }
    };
    const session: Session = {
      query: async <Row>(sql: string, parameters?: unknown[]) => (await send(sql, parameters)).rows as Row[],
      run: async (sql, parameters) => (await send(sql, parameters)).rowCount ?? 0,
      async exec<Row>(sql: string) {
        const results = [await send(sql)].flat();
        return (results.at(-1)?.rows ?? []) as Row[];
      },
      close,
    };
    sessions.add(session);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    return session;
  };

  return {
    async query<Row>(sql: string, parameters?: unknown[]) {
      const session = await open();
      try {
        const rows = await session.query<Row>(sql, parameters);
        session.close('whole');
        return rows;
      } finally {
        session.close('broken');
      }
    },
    open,
    breakAll() {
      for (const session of sessions) session.close('broken');
    },
    async close() {
      const ended = pool.end();
      for (const session of sessions) session.close('broken');
      await ended;
    },
  };
}
