import type { Pacer } from '../rate-limit/index.ts';
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

/** Gives a chunk to `take` in pieces, each when its turn has come. `stillWaiting` as in {@link holdBack}. */
export async function takeInTurn(
  connection: SshConnection,
  pacer: Pacer,
  chunk: Buffer,
  take: (piece: Buffer) => Promise<void>,
  stillWaiting: () => void,
): Promise<void> {
  for (let start = 0; start < chunk.length; ) {
    const piece = chunk.subarray(start, start + pacer.pieceBytes(chunk.length));
    await holdBack(connection, pacer.waitMs(piece.length), stillWaiting);
    await take(piece);
    start += piece.length;
  }
}
