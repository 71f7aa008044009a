import { connect } from 'node:net';
import type { Endpoint } from '../delivery/index.ts';

/** Whether something takes a TCP connection there. Rejects with the reason of `signal` when that aborts. */
export function takesConnections({ host, port }: Endpoint, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
