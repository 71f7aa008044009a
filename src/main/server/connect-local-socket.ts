import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { PushrodClient } from '../../shared/contract/index.ts';
import { subprotocol } from './web-socket.ts';

const answerWithinMs = 2_000;

export interface LocalConnection {
  client: PushrodClient;
  close(): void;
}

/**
 * Reaches the Pushrod that holds a data folder.
 * @returns `null` when nobody of this user answers within two seconds
 */
export async function connectLocalSocket(path: string): Promise<LocalConnection | null> {
  if (!isOwnSocket(path)) return null;
  // A `ws+unix:` URL cannot carry every path (it escapes "#", "?" and letters beyond ASCII), so the connection is made here.
  const socket = new WebSocket('ws://localhost/rpc', [subprotocol], {
    createConnection: () => connect(path),
    handshakeTimeout: answerWithinMs,
    perMessageDeflate: false,
  });
  socket.binaryType = 'arraybuffer';
  if (!(await isOpened(socket))) return null;
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient<PushrodClient>(link), close: () => socket.close() };
}

/** A socket put there by somebody else could be told secrets. */
function isOwnSocket(path: string): boolean {
  if (process.platform === 'win32') return true;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return found.isSocket() && found.uid === process.getuid?.();
}

function isOpened(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve(true));
    // Stays on: after the opening an error is followed by `close`, which ends the calls under way.
    socket.on('error', () => resolve(false));
  });
}
