import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Pacer } from '../rate-limit/index.ts';
import type { Silence } from './silence.ts';

/** What a request carries. Its length is in the request's `Content-Length`. */
export interface Body {
  /** What comes before and after the payload; empty for a raw body. */
  head: Buffer;
  tail: Buffer;
  payload: AsyncIterable<Buffer>;
  pacer: Pacer;
  /** Payload bytes that the laptop's kernel has taken so far. */
  onSent(bytes: number): void;
}

/** While bytes are held back, the device is not the one that is silent. */
const tellEveryMs = 1_000;

/** How long a server is given to refuse a body before it is sent (RFC 9110, 10.1.1), as curl(1) does. */
const expectMs = 1_000;

/** The answer to a request. */
export interface Exchanged {
  incoming: IncomingMessage;
  /** Whether all of the body went out before it came. */
  isSent: boolean;
}

/**
 * Sends a request to its end and resolves with the answer. One chunk is in flight at a time, so memory stays the same
 * whatever the size. A server that answers early is heard: nothing more is sent then, and its answer is what counts,
 * not the connection that breaks afterwards.
 */
export async function sendBody(outgoing: ClientRequest, body: Body | undefined, silence: Silence): Promise<Exchanged> {
  let isOver = false;
  let wake = () => {};
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.once('close', () => reject(new Error('closed without an answer')));
  });
  const end = () => {
    isOver = true;
    wake();
  };
  answered.then(end, end);

  /** Says whether the kernel took all of it. */
  const write = (chunk: Buffer) =>
    new Promise<boolean>((resolve) => {
      wake = () => resolve(false);
      outgoing.write(chunk, (error) => {
        if (error) isOver = true;
        resolve(!error);
      });
    });
  /** Waits for a turn of the rate limits, or for the answer. */
  const holdBack = async (waitMs: number) => {
    if (waitMs === 0 || isOver) return;
    const telling = setInterval(() => silence.heard(), tellEveryMs);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    clearInterval(telling);
  };
  /** Says whether all of it went out. */
  const send = async ({ head, tail, payload, pacer, onSent }: Body): Promise<boolean> => {
    if (outgoing.hasHeader('expect')) await goAhead(outgoing, answered);
    if (head.length > 0 && !isOver) await write(head);
    let sent = 0;
    for await (const chunk of payload) {
      for (let start = 0; start < chunk.length; ) {
        const piece = chunk.subarray(start, start + pacer.pieceBytes(chunk.length));
        await holdBack(pacer.waitMs(piece.length));
        if (isOver || !(await write(piece))) return false;
        silence.heard();
        start += piece.length;
        sent += piece.length;
        onSent(sent);
      }
    }
    // An answer may come in the moment when the last byte is gone, before the request has been ended for it.
    if (outgoing.destroyed) return tail.length === 0;
    outgoing.end(tail);
    return true;
  };
  let isSent = true;
  if (body) isSent = await send(body);
  else outgoing.end();
  silence.sent();
  return { incoming: await answered, isSent };
}

/** Waits until the server asks for the body, answers without it, or has had its time. */
async function goAhead(outgoing: ClientRequest, answered: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    // Counted from when the server has the request, not from when the connection was begun.
    let timer: NodeJS.Timeout | undefined;
    outgoing.once('socket', () => {
      timer = setTimeout(resolve, expectMs);
    });
    const proceed = () => {
      clearTimeout(timer);
      resolve();
    };
    outgoing.once('continue', proceed);
    answered.then(proceed, proceed);
  });
}
