import type { Socket } from 'node:net';

/**
 * Hands all that is written in one turn of the event loop to the system in one call: ssh2 writes each packet in three
 * pieces, and a chunk of a file is eight packets. Only for a socket that is connected: Node's `connect` resets `write`.
 */
export function gatherWrites(socket: Socket): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  let isGathering = false;
  const endTurn = () => {
    isGathering = false;
    socket.uncork();
  };
  socket.write = (...given: unknown[]) => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      process.nextTick(endTurn);
    }
    return write(...given);
  };
}
