import type { App } from '../app.ts';
import type { Door } from '../door.ts';
import { rpcFor } from './rpc.ts';

/** Common to Electron's `MessagePortMain` and Node's `MessagePort`. */
export interface ServedPort {
  /** Electron gives the message in an event, Node gives the message itself. */
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
}

/** Answers the calls that come in over a message port until its other end goes away. */
export function servePort(port: ServedPort, app: App, door: Door): void {
  rpcFor(
    app,
    door,
  )({
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (message) => listener(dataOf(message))),
    onClose: (listener) => port.on('close', listener),
  });
  port.start();
}

/** Calls are text, or bytes where a file goes along; an object can only be Electron's event around one. */
function dataOf(message: unknown): unknown {
  const isEvent = typeof message === 'object' && message !== null && 'data' in message;
  return isEvent ? message.data : message;
}
