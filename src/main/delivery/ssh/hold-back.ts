import type { SshConnection } from './connection.ts';

const tellEveryMs = 1_000;

/** Waits for a turn of the rate limits; rejects when the connection ends meanwhile. `stillWaiting` is told now and then. */
export async function holdBack(connection: SshConnection, waitMs: number, stillWaiting: () => void): Promise<void> {
  if (waitMs === 0) return;
  const telling = setInterval(stillWaiting, tellEveryMs);
  let turn: NodeJS.Timeout | undefined;
  try {
    await connection.request<void>(null, 'wait for its turn', (done) => {
      turn = setTimeout(() => done(undefined, undefined), waitMs);
    });
    stillWaiting();
  } finally {
    clearInterval(telling);
    clearTimeout(turn);
  }
}
