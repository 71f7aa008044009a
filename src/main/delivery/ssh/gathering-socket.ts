import { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

/**
 * Hands all that is written in one turn of the event loop to the system in one call: ssh2 writes each packet in three
 * pieces, and a chunk of a file is eight packets. Nagle's delay is off: ssh2's own socket waits 40 ms for every small
 * packet.
 */
export class GatheringSocket extends Socket {
  #isGathering = false;

  /** @param signal destroys the socket when it aborts */
  constructor(signal: AbortSignal) {
    super({ signal });
    this.setNoDelay(true);
  }

  override write(chunk: Uint8Array | string, done?: Done): boolean;
  override write(chunk: Uint8Array | string, encoding?: BufferEncoding, done?: Done): boolean;
  override write(chunk: Uint8Array | string, ...rest: unknown[]): boolean {
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.cork();
      process.nextTick(() => {
        this.#isGathering = false;
        this.uncork();
      });
    }
    return super.write(chunk, ...(rest as [BufferEncoding?, Done?]));
  }
}
