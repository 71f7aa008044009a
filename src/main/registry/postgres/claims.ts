import type { Claim } from '../claims.ts';
import type { Connections } from './connections.ts';

export function createClaim(connections: Connections, bench: string): Claim {
  return async (key, owner) => {
    // What is over is of no use to anybody, and nothing is claimed so long ahead.
    await connections.query(`DELETE FROM pushrod.claims WHERE claimed_at < now() - interval '400 days'`);
    await connections.query(
      'INSERT INTO pushrod.claims (key, owner, bench) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING',
      [key, owner, bench],
    );
    const sql = 'SELECT owner, bench FROM pushrod.claims WHERE key = $1';
    const [taken] = await connections.query<{ owner: string; bench: string }>(sql, [key]);
    return taken?.owner === owner ? undefined : taken?.bench;
  };
}
