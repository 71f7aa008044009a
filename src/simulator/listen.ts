import type { AddressInfo, Server } from 'node:net';

/** Makes a server listen; `port` 0 takes a free one. Fulfilled with the port. */
export async function listen(server: Server, host: string, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}
