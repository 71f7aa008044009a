import { RPCHandler } from '@orpc/server/ws';
import type { App } from '../app.ts';
import type { Door } from '../door.ts';

/** What carries calls to the core: a WebSocket, or a message port. */
export interface Wire {
  /** A promise holds a stream back until the peer has taken what was sent. */
  send(message: string | Uint8Array): void | Promise<void>;
  onMessage(listener: (data: unknown) => void): void;
  onClose(listener: () => void): void;
}

type Socket = Parameters<RPCHandler<{ door: Door }>['upgrade']>[0];

/**
 * Answers the calls that come in over a wire, until it closes; then running streams are aborted.
 * oRPC's ws handler serves ports too: unlike its message-port handler it survives a malformed message,
 * and the bytes on the wire are the same.
 */
export function rpcFor(app: App, door: Door): (wire: Wire) => void {
  const handler = new RPCHandler<{ door: Door }>(app.router);
  return (wire) => {
    const socket = {
      send: (message: string | Uint8Array) => wire.send(message),
      addEventListener(event: string, listener: (event: { data: unknown }) => void) {
        if (event === 'message') wire.onMessage((data) => listener({ data }));
        if (event === 'close') wire.onClose(() => listener({ data: undefined }));
      },
    };
    // The handler uses these two members only, as its type says; ws declares them with overloads.
    void handler.upgrade(socket as unknown as Socket, { context: { door } });
  };
}
