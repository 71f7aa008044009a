import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Fulfilled when something accepts connections on a loopback port. */
export async function waitForPort(port: number, stillRuns: () => boolean, host = '127.0.0.1'): Promise<void> {
  for (;;) {
    const socket = connect(port, host);
    try {
      await once(socket, 'connect');
      socket.destroy();
      return;
    } catch (thrown) {
      if (!stillRuns()) throw new Error(`The server on port ${port} ended before it listened.`, { cause: thrown });
      await pause(20);
    }
  }
}
