import { randomUUID } from 'node:crypto';
import type { DeviceId } from '../../../shared/model/index.ts';
import type { DeviceLeases, Lease } from '../leases.ts';
import type { Connections } from './connections.ts';

/** How long a lease outlives its bench. */
const defaultLeaseMs = 30_000;

export interface HeldLeases {
  leases: DeviceLeases;
  /** Releases all. */
  close(): Promise<void>;
}

/** A lease of this bench. */
interface Held {
  /** Ends the lease on this side. */
  lose(): void;
  /** It was renewed by a statement sent at `sentAtMs`, on the clock of `performance.now()`. */
  renewed(sentAtMs: number): void;
}

/**
 * Leases in a table of the shared registry. They expire by the server's clock; this side counts from before it asked, and
 * gives a lease up a sixth of its time early, so that it never pushes to a device that another bench may take.
 */
export function createLeases(connections: Connections, bench: string, leaseMs = defaultLeaseMs): HeldLeases {
  const held = new Map<string, Held>();
  const expiry = "now() + $3::int * interval '1 ms'";

  const acquire = async (id: DeviceId): Promise<Lease | { heldBy: string }> => {
    const token = randomUUID();
    for (;;) {
      const sentAtMs = performance.now();
      const taken = await connections.query(
        `INSERT INTO pushrod.device_leases AS lease (device_id, bench, token, expires_at) VALUES ($1, $2, $4, ${expiry})
         ON CONFLICT (device_id) DO UPDATE
         SET bench = excluded.bench, token = excluded.token, expires_at = excluded.expires_at
         WHERE lease.expires_at < now() RETURNING token`,
        [id, bench, leaseMs, token],
      );
      if (taken.length > 0) return hold(token, sentAtMs);
      const sql = 'SELECT bench FROM pushrod.device_leases WHERE device_id = $1 AND expires_at >= now()';
      const [other] = await connections.query<{ bench: string }>(sql, [id]);
      // Without one it was released, or expired, between the two statements.
      if (other) return { heldBy: other.bench };
    }
  };

  const hold = (token: string, sentAtMs: number): Lease => {
    const lost = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const lose = () => {
      clearTimeout(timer);
      if (held.delete(token)) lost.abort();
    };
    const renewed = (sentMs: number) => {
      clearTimeout(timer);
      timer = setTimeout(lose, sentMs + (leaseMs * 5) / 6 - performance.now()).unref();
    };
    held.set(token, { lose, renewed });
    renewed(sentAtMs);
    return {
      lost: lost.signal,
      async release() {
        clearTimeout(timer);
        held.delete(token);
        await forget([token]);
      },
    };
  };

  /** What cannot be reached now expires by itself. */
  const forget = (tokens: string[]) =>
    connections.query('DELETE FROM pushrod.device_leases WHERE token = ANY($1::uuid[])', [tokens]).then(
      () => undefined,
      () => undefined,
    );

  const renew = async () => {
    const tokens = [...held.keys()];
    if (tokens.length === 0) return;
    const sentAtMs = performance.now();
    const rows = await connections.query<{ token: string }>(
      `UPDATE pushrod.device_leases SET expires_at = now() + $2::int * interval '1 ms'
       WHERE token = ANY($1::uuid[]) RETURNING token`,
      [tokens, leaseMs],
    );
    const renewed = new Set(rows.map(({ token }) => token));
    for (const token of tokens) {
      if (renewed.has(token)) held.get(token)?.renewed(sentAtMs);
      else held.get(token)?.lose();
    }
  };

  // A try that fails is followed by the next soon enough: each lease gives itself up when none has succeeded.
  const renewing = setInterval(() => void renew().catch(() => undefined), leaseMs / 3).unref();

  return {
    leases: {
      acquire,
      async heldElsewhere() {
        const rows = await connections.query<{ device_id: DeviceId; bench: string }>(
          `SELECT device_id, bench FROM pushrod.device_leases
           WHERE expires_at >= now() AND token <> ALL($1::uuid[])`,
          [[...held.keys()]],
        );
        return new Map(rows.map((row) => [row.device_id, row.bench]));
      },
    },
    async close() {
      clearInterval(renewing);
      const tokens = [...held.keys()];
      for (const { lose } of [...held.values()]) lose();
      if (tokens.length > 0) await forget(tokens);
    },
  };
}
