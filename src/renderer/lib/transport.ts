import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { PushrodBridge } from '../../preload/index.ts';
import type { PushrodClient } from '../../shared/contract/index.ts';

declare global {
  interface Window {
    /** Only in the desktop window. */
    pushrod?: PushrodBridge;
  }
}

/** An open way to the core. */
export interface Connection {
  client: PushrodClient;
  /** Fulfilled when it is cut. */
  closed: Promise<void>;
}

/** Through the desktop window's own port. */
export function connectToWindow(bridge: PushrodBridge): Promise<Connection> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.data !== 'pushrod:port' || event.source !== window || !port) return;
      removeEventListener('message', onMessage);
      const closed = new Promise<void>((end) => port.addEventListener('close', () => end()));
      port.start();
      resolve({ client: createORPCClient<PushrodClient>(new PortLink({ port })), closed });
    };
    addEventListener('message', onMessage);
    bridge.connect();
  });
}

const subprotocol = 'pushrod.v1';

/** Through a WebSocket to the server that served this page. `undefined` when it cannot be opened. */
export function connectToServer(token: string): Promise<Connection | undefined> {
  const url = new URL('/rpc', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  const websocket = new WebSocket(url, [subprotocol, `token.${token}`]);
  return new Promise((resolve) => {
    websocket.addEventListener('open', () => {
      const client = createORPCClient<PushrodClient>(new SocketLink({ websocket }));
      // Listens after the link: it drops its calls first, else aborting one would send on the closed socket, and throw.
      const closed = new Promise<void>((end) => websocket.addEventListener('close', () => end()));
      resolve({ client, closed });
    });
    websocket.addEventListener('close', () => resolve(undefined));
  });
}
