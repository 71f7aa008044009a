import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A loopback link to a server that carries everything, but late. */
export interface DelayedLink {
  port: number;
  /** Bytes that went towards the server. */
  sentBytes(): number;
  close(): Promise<void>;
}

/**
 * Delays every byte by half of `roundTripMs` in each direction, whatever the bandwidth: netem(8) without the kernel. Like
 * a long cable it holds what is under way, so it limits nobody who sends far ahead.
 */
export async function startDelayedLink(port: number, roundTripMs: number): Promise<DelayedLink> {
  const sockets = new Set<Socket>();
  let sentBytes = 0;
  const server = createServer({ noDelay: true }, (client) => {
    const device = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, device]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      sentBytes += chunk.length;
    });
    carry(client, device, roundTripMs / 2);
    carry(device, client, roundTripMs / 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sentBytes: () => sentBytes,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function carry(from: Socket, to: Socket, delayMs: number): void {
  const underWay: { dueMs: number; deliver: () => void }[] = [];
  let isWaiting = false;
  const deliverDue = () => {
    isWaiting = false;
    const nowMs = performance.now();
    to.cork();
    while (underWay[0] && underWay[0].dueMs <= nowMs) underWay.shift()?.deliver();
    to.uncork();
    if (underWay[0]) wait(underWay[0].dueMs - nowMs);
  };
  const wait = (ms: number) => {
    isWaiting = true;
    setTimeout(deliverDue, ms);
  };
  const later = (deliver: () => void) => {
    underWay.push({ dueMs: performance.now() + delayMs, deliver });
    if (!isWaiting) wait(delayMs);
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
}
