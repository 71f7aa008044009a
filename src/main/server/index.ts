/**
 * The doors that are not a window: HTTP and WebSocket on the LAN, a socket for the terminal on this laptop,
 * and the message port, which the shell hands to its page.
 */
export { connectLocalSocket, type LocalConnection } from './connect-local-socket.ts';
export { type LocalSocket, startLocalSocket } from './local-socket.ts';
export { localSocketPath } from './local-socket-path.ts';
export { type ServedPort, servePort } from './message-port.ts';
export { contentSecurityPolicy } from './page-headers.ts';
export { type RunningServer, type ServerOptions, startServer } from './server.ts';
export { readStaticFile, type StaticFile } from './static-file.ts';
