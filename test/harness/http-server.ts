import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.ts';

/** An HTTP server on loopback that a test lets fail in its own way. */
export interface HttpServer {
  port: number;
  address: string;
  /** Every request so far. */
  requests: IncomingMessage[];
  /** Connections that are open now, */
  open(): number;
  /** and all there were. */
  connections(): number;
  close(): Promise<void>;
}

export interface HttpServerOptions {
  certificate?: Pick<Certificate, 'file' | 'keyFile'>;
  /** Has the body unasked, or answers without it (RFC 9110, 10.1.1); without, it is asked for. */
  onExpect?: RequestListener;
  port?: number;
}

export async function startHttpServer(
  answer: RequestListener,
  { certificate, onExpect, port: wanted = 0 }: HttpServerOptions = {},
): Promise<HttpServer> {
  const sockets = new Set<Socket>();
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    answer(request, response);
  };
  const server = certificate
    ? createTlsServer({ cert: readFileSync(certificate.file), key: readFileSync(certificate.keyFile) }, listener)
    : createServer(listener);
  if (onExpect) server.on('checkContinue', onExpect);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, address: `127.0.0.1:${port}`, requests },
    open: () => sockets.size,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
