import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A loopback link to a device that goes bad, after `afterBytes` have passed towards the device or when it is told to. */
export interface BadLink {
  address: string;
  port: number;
  /** From now on connections pass everything. */
  mend(): void;
  /** Resets what is open now, */
  cut(): void;
  /** or as soon as so many further bytes have passed towards the device. */
  cutAfter(bytes: number): void;
  /** What is open now passes nothing any more, either way, */
  freeze(): void;
  /** and what is opened from now on does not either. */
  silence(): void;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

interface Connection {
  client: Socket;
  device: Socket;
  how: 'cut' | 'freeze';
  /** What may still pass towards the device. */
  leftBytes: number;
}

/**
 * `cut`: the connection is reset, as when a cable is pulled at a switch. `freeze`: nothing passes any more, but the
 * connection stays open, as when a device hangs.
 */
export async function startBadLink(
  port: number,
  how: 'cut' | 'freeze' = 'cut',
  afterBytes = Number.POSITIVE_INFINITY,
): Promise<BadLink> {
  const connections = new Set<Connection>();
  let limitBytes = afterBytes;
  let isSilent = false;
  const freeze = ({ client, device }: Connection) => {
    client.pause();
    device.pause();
  };
  const cut = ({ client, device }: Connection) => {
    client.resetAndDestroy();
    device.destroy();
  };
  const server = createServer((client) => {
    const device = connect(port, '127.0.0.1');
    const connection: Connection = { client, device, how, leftBytes: limitBytes };
    connections.add(connection);
    for (const socket of [client, device]) socket.on('error', () => undefined);
    client.on('data', (chunk) => {
      const passed = chunk.subarray(0, connection.leftBytes);
      connection.leftBytes -= passed.length;
      if (passed.length > 0) device.write(passed);
      if (passed.length === chunk.length) return;
      if (connection.how === 'cut') cut(connection);
      else freeze(connection);
    });
    device.on('data', (chunk) => client.write(chunk));
    device.on('close', () => client.destroy());
    client.on('close', () => {
      device.destroy();
      connections.delete(connection);
    });
    if (isSilent) freeze(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: linkPort } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${linkPort}`,
    port: linkPort,
    mend() {
      limitBytes = Number.POSITIVE_INFINITY;
    },
    cut() {
      connections.forEach(cut);
    },
    cutAfter(bytes) {
      for (const connection of connections) Object.assign(connection, { how: 'cut', leftBytes: bytes });
    },
    freeze() {
      connections.forEach(freeze);
    },
    silence() {
      isSilent = true;
      connections.forEach(freeze);
    },
    open: () => connections.size,
    async close() {
      for (const { client, device } of connections) {
        client.destroy();
        device.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
