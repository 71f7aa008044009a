import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that takes a place at an SSH server and says nothing. The place may still be that of one before it. */
export async function holdConnection(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const [greeting] = await once(socket, 'data');
    if (String(greeting).startsWith('SSH-')) return socket;
    socket.destroy();
  }
}
