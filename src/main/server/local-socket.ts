import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname } from 'node:path';
import { PushrodError } from '../../shared/errors.ts';
import type { App } from '../app.ts';
import { closeServer, listen } from './listen.ts';
import { createWebSockets, offeredProtocols, refuseUpgrade, subprotocol } from './web-socket.ts';

export interface LocalSocket {
  /** Lets nobody in any more. Fulfilled when who is in has left, or after `graceMs`. */
  drain(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Lets terminals of the same user talk to the open core: the calls of `/rpc`, without a token, since only the user can
 * open the socket. The caller holds the data folder's lock, so a socket that is there already is a dead one's.
 */
export async function startLocalSocket(options: { app: App; path: string }): Promise<LocalSocket> {
  const sockets = createWebSockets(options.app, 'terminal');
  const server = createServer((_request, response) => response.writeHead(426).end());
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== '/rpc') return refuseUpgrade(socket, '404 Not Found');
    if (!offeredProtocols(request).includes(subprotocol)) return refuseUpgrade(socket, '400 Bad Request');
    sockets.accept(request, socket, head);
  });
  await listenPrivately(server, options.path);
  return {
    drain(graceMs) {
      server.close();
      return sockets.untilEmpty(graceMs);
    },
    async close() {
      sockets.close();
      await closeServer(server);
    },
  };
}

/** On Windows the pipe's default security descriptor already keeps other users from writing to it. */
async function listenPrivately(server: Server, path: string): Promise<void> {
  if (process.platform === 'win32') return listen(server, { path });
  makePrivateFolder(dirname(path));
  rmSync(path, { force: true });
  // The bind happens inside listen(), so the socket is never there with wider rights.
  const umask = process.umask(0o177);
  const listening = listen(server, { path });
  process.umask(umask);
  await listening;
  chmodSync(path, 0o600);
}

/** In a shared temporary folder somebody else may have made "our" folder first. */
function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = lstatSync(folder).uid;
  if (owner === process.getuid?.()) return;
  throw new PushrodError(
    'FORBIDDEN',
    `The folder ${folder} belongs to another user, so no terminal can be let in there.`,
  );
}
