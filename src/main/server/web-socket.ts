import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { App } from '../app.ts';
import type { Door } from '../door.ts';
import { rpcFor, type Wire } from './rpc.ts';

/** The protocol both sides speak; a page adds `token.<token>` beside it, as it cannot set headers. */
export const subprotocol = 'pushrod.v1';

/** One message at most, 16 MiB: a CSV import of a large bench fits many times over. */
const maxPayloadBytes = 16 * 1024 * 1024;
/** A client that missed a whole interval without a pong is gone: a closed lid sends no FIN. */
const pingIntervalMs = 30_000;

export interface WebSockets {
  /** Takes over a request that was let in already. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Fulfilled when no client is left, or after `graceMs`. */
  untilEmpty(graceMs: number): Promise<void>;
  close(): void;
}

/** Calls over WebSockets (RFC 6455), for every client let in by one door. */
export function createWebSockets(app: App, door: Door): WebSockets {
  const serve = rpcFor(app, door);
  const answered = new WeakSet<WebSocket>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  });

  server.on('connection', (client) => {
    answered.add(client);
    client.on('pong', () => answered.add(client));
    // The close event follows and ends the client's streams.
    client.on('error', () => client.terminate());
    serve(wireOver(client));
  });

  const keepAlive = setInterval(() => {
    for (const client of server.clients) {
      if (!answered.delete(client)) client.terminate();
      else client.ping();
    }
  }, pingIntervalMs);
  keepAlive.unref();

  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
    },
    async untilEmpty(graceMs) {
      const giveUp = AbortSignal.timeout(graceMs);
      const leaving = [...server.clients].map((client) => once(client, 'close', { signal: giveUp }));
      await Promise.allSettled(leaving);
    },
    close() {
      clearInterval(keepAlive);
      for (const client of server.clients) {
        client.close(1001, 'Pushrod is closing');
        client.terminate();
      }
      server.close();
    },
  };
}

function wireOver(client: WebSocket): Wire {
  return {
    /** Settles when the bytes left this process, so that a slow client slows its own streams instead of filling memory. */
    send: (message) => new Promise((resolve) => client.send(message, () => resolve())),
    onMessage: (listener) => client.addEventListener('message', (event) => listener(event.data)),
    onClose: (listener) => client.on('close', listener),
  };
}

/** The subprotocols a client offers (RFC 6455, 11.3.4). */
export function offeredProtocols(request: IncomingMessage): string[] {
  const header = request.headers['sec-websocket-protocol'] ?? '';
  return header.split(',').map((name) => name.trim());
}

/** Answers an upgrade with a plain refusal. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
