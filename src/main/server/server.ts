import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { PushrodError } from '../../shared/errors.ts';
import type { App } from '../app.ts';
import { baseUrl, isOwnHost, isOwnOrigin } from './address.ts';
import { uploadFirmware } from './firmware-upload.ts';
import { createLastPort } from './last-port.ts';
import { closeServer, listen } from './listen.ts';
import { describeRest } from './openapi.ts';
import { securityHeaders } from './page-headers.ts';
import { createPairing } from './pairing.ts';
import { sendError, sendJson, sendPushrodError } from './reply.ts';
import { createRest } from './rest.ts';
import { readStaticFile } from './static-file.ts';
import { createTokens } from './tokens.ts';
import { createWebSockets, offeredProtocols, refuseUpgrade, subprotocol } from './web-socket.ts';

/** A connection on which nothing moved for this long is cut; open event streams send a comment every 5 s. */
const idleTimeoutMs = 120_000;
const maxConnections = 500;
const maxPairBodyBytes = 1_024;

export interface ServerOptions {
  app: App;
  /** The address to listen on; loopback, unless told. */
  host?: string | undefined;
  /** TCP port; 0 takes that of the last run while it is free, else lets the system choose. */
  port?: number | undefined;
  /** The built page. */
  rendererDir: string;
  /**
   * Keeps browsers paired over a restart of the server; left out, they pair again. The last port is kept beside it: a
   * browser keeps its token, and a person the address, for one host and port.
   */
  tokenFile?: string | undefined;
  /** Hears the code that replaces a used one. */
  onPairingCode?: ((code: string) => void) | undefined;
  /** Milliseconds of a clock that never goes back. */
  now?: (() => number) | undefined;
}

export interface RunningServer {
  /** Opens the page and pairs it: the code is in the fragment, which a browser never sends. */
  readonly url: string;
  /** The code that pairs the next browser. */
  readonly pairingCode: string;
  readonly port: number;
  close(): Promise<void>;
}

const pairRequest = z.object({ code: z.string().max(100) });

/** Opens the LAN door: the page, pairing, REST below `/api`, and calls over a WebSocket at `/rpc`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { app, rendererDir, host = '127.0.0.1' } = options;
  const tokens = createTokens(options.tokenFile);
  const pairing = createPairing(options.now ?? (() => performance.now()), (code) => options.onPairingCode?.(code));
  const sockets = createWebSockets(app, 'lan');
  const rest = createRest(app);
  let port = 0;
  let described: ReturnType<typeof describeRest> | undefined;

  /** Written once, when it is first asked for: it takes a while and never changes. */
  function openApi(): ReturnType<typeof describeRest> {
    described ??= describeRest();
    return described;
  }

  async function pair(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    if (!(length <= maxPairBodyBytes)) return sendError(response, 'INVALID_INPUT', 'Send {"code": "…"} as JSON.');
    const read = pairRequest.safeParse(parseJson(await text(request)));
    if (!read.success) return sendError(response, 'INVALID_INPUT', 'Send {"code": "…"} as JSON.');
    const outcome = pairing.attempt(read.data.code);
    if (outcome === 'paired') return sendJson(response, 200, { token: tokens.issue() });
    if (outcome === 'wrong')
      return sendError(response, 'UNAUTHORIZED', 'This is not the pairing code; each works once.');
    sendError(response, 'UNAUTHORIZED', 'Too many wrong codes: wait a minute, then try again.', 429);
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const call = `${request.method} ${url.pathname}`;
    if (call === 'POST /api/pair') return pair(request, response);
    if (call === 'GET /api/openapi.json') return sendJson(response, 200, await openApi());
    if (!tokens.accepts(bearerToken(request)))
      return sendError(response, 'UNAUTHORIZED', 'This call needs a paired token.');
    if (call === 'GET /api/session') return sendJson(response, 200, { ok: true });
    if (call === 'POST /api/firmware') return uploadFirmware(request, response, url, app);
    return rest(request, response);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnHost(request.headers.host, host, port)) {
      return sendError(response, 'FORBIDDEN', 'This server does not go by that name.', 421);
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && !isOwnOrigin(request.headers.origin, request.headers.host)) {
      return sendError(response, 'FORBIDDEN', 'Pages of other origins may not call Pushrod.');
    }
    const url = urlOf(request);
    if (url === null) return sendError(response, 'INVALID_INPUT', 'This is not a path.');
    if (url.pathname === '/api' || url.pathname.startsWith('/api/')) return answerApi(request, response, url);
    if (!isRead) return sendError(response, 'INVALID_INPUT', 'Pages are only read.', 405);
    return sendPage(request, response, rendererDir);
  }

  function admit(request: IncomingMessage): string | null {
    if (!isOwnHost(request.headers.host, host, port)) return '421 Misdirected Request';
    if (!isOwnOrigin(request.headers.origin, request.headers.host)) return '403 Forbidden';
    if (urlOf(request)?.pathname !== '/rpc') return '404 Not Found';
    const offered = offeredProtocols(request);
    const token = offered.find((name) => name.startsWith('token.'))?.slice('token.'.length);
    if (!tokens.accepts(token ?? '')) return '401 Unauthorized';
    return offered.includes(subprotocol) ? null : '400 Bad Request';
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      // Whoever went away needs no answer; whoever got half of one is cut off, so as not to take it for whole.
      if (response.headersSent) response.destroy();
      else if (thrown instanceof PushrodError) sendPushrodError(response, thrown);
      // What a stranger threw stays inside: it may name paths of this laptop.
      else sendError(response, 'INTERNAL', 'Pushrod could not answer this.');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = admit(request);
    if (refusal !== null) return refuseUpgrade(socket, refusal);
    sockets.accept(request, socket, head);
  });
  // A large firmware over a slow network takes longer than any limit on the whole request; silence is limited instead.
  server.requestTimeout = 0;
  server.timeout = idleTimeoutMs;
  server.maxConnections = maxConnections;

  const lastPort = options.tokenFile && createLastPort(join(dirname(options.tokenFile), 'server-port'));
  const before = lastPort && !options.port ? lastPort.read() : undefined;
  const isBack =
    before !== undefined &&
    (await listen(server, { host, port: before }).then(
      () => true,
      () => false,
    ));
  if (!isBack) await listen(server, { host, port: options.port ?? 0 });
  port = (server.address() as AddressInfo).port;
  if (lastPort) lastPort.write(port);

  return {
    get url() {
      return `${baseUrl(host, port)}/#code=${pairing.code}`;
    },
    get pairingCode() {
      return pairing.code;
    },
    port,
    async close() {
      sockets.close();
      await closeServer(server);
    },
  };
}

async function sendPage(request: IncomingMessage, response: ServerResponse, rendererDir: string): Promise<void> {
  // The path as it was sent: a URL would already have resolved the "..", which then could not be refused.
  const file = await readStaticFile(rendererDir, (request.url ?? '').split(/[?#]/)[0] ?? '');
  if (file === null) {
    response.writeHead(404, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('Pushrod has no such page.\n');
    return;
  }
  response.writeHead(200, { ...file.headers, 'Content-Length': file.bytes.length });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

/** A request names a path; `//host/path` and absolute forms are for proxies. */
function urlOf(request: IncomingMessage): URL | null {
  const path = request.url ?? '';
  const isPath = /^\/(?!\/)/.test(path) && URL.canParse(path, 'http://pushrod');
  return isPath ? new URL(path, 'http://pushrod') : null;
}

/** RFC 6750, 2.1. */
function bearerToken(request: IncomingMessage): string {
  return /^bearer +([\w-]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
