import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A loopback link to a server that carries so many bytes a second in each direction, and counts them. */
export interface ShapedLink {
  port: number;
  /** Bytes that have passed towards the server, of all connections. */
  sentBytes(): number;
  close(): Promise<void>;
}

/** What is let through at once; at 2 MB/s a piece takes 8 ms. */
const pieceBytes = 16 * 1024;

/** One direction, which all connections share. */
interface Lane {
  passedBytes: number;
  freeAtMs: number;
}

/** As tc-tbf(8) shapes, without the kernel; by default nothing is held back. */
export async function startShapedLink(port: number, bytesPerSecond = Number.POSITIVE_INFINITY): Promise<ShapedLink> {
  const sockets = new Set<Socket>();
  const up: Lane = { passedBytes: 0, freeAtMs: 0 };
  const down: Lane = { passedBytes: 0, freeAtMs: 0 };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const device = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    for (const socket of [client, device]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    void carry(client, device, up, bytesPerSecond);
    void carry(device, client, down, bytesPerSecond);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sentBytes: () => up.passedBytes,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function carry(from: Socket, to: Socket, lane: Lane, bytesPerSecond: number): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.length; start += pieceBytes) {
        const piece = chunk.subarray(start, start + pieceBytes);
        const nowMs = performance.now();
        lane.freeAtMs = Math.max(lane.freeAtMs, nowMs) + (piece.length / bytesPerSecond) * 1_000;
        if (lane.freeAtMs - nowMs >= 1) await pause(lane.freeAtMs - nowMs);
        lane.passedBytes += piece.length;
        if (!to.write(piece)) await once(to, 'drain');
      }
    }
    to.end();
  } catch {
    // One side is gone, so the other goes as well.
    from.destroy();
    to.destroy();
  }
}
