import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A loopback link to a device that goes bad after `afterBytes` have passed towards the device. */
export interface BadLink {
  address: string;
  port: number;
  /** From now on connections pass everything. */
  mend(): void;
  /** From now on nothing passes any more, either way. */
  freeze(): void;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

/**
 * `cut`: the connection is reset, as when a cable is pulled at a switch. `freeze`: nothing passes any more, but the
 * connection stays open, as when a device hangs.
 */
export async function startBadLink(port: number, how: 'cut' | 'freeze', afterBytes: number): Promise<BadLink> {
  const sockets = new Set<Socket>();
  let isMended = false;
  const server = createServer((client) => {
    const device = connect(port, '127.0.0.1');
    for (const socket of [client, device]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    const limitBytes = isMended ? Number.POSITIVE_INFINITY : afterBytes;
    let passed = 0;
    client.on('data', (chunk) => {
      passed += chunk.length;
      if (passed <= limitBytes) return void device.write(chunk);
      client.pause();
      device.pause();
      if (how === 'cut') {
        client.resetAndDestroy();
        device.destroy();
      }
    });
    device.on('data', (chunk) => client.write(chunk));
    device.on('close', () => client.destroy());
    client.on('close', () => device.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: linkPort } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${linkPort}`,
    port: linkPort,
    mend() {
      isMended = true;
    },
    freeze() {
      for (const socket of sockets) socket.pause();
    },
    open: () => sockets.size / 2,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
