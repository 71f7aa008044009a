import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { Socket } from 'node:net';
import { PushrodError } from '../../../shared/errors.ts';
import { formatAddress } from '../../../shared/model/address.ts';
import { cancelled } from '../cancelled.ts';
import type { DeliveryObserver, HttpSite } from '../delivery.ts';
import type { Answer } from './answer.ts';
import { authorizationOf, withoutSecrets } from './authorization.ts';
import { exchangeFailure } from './failure.ts';
import { type Body, sendBody } from './send-body.ts';
import { type Silence, watchSilence } from './silence.ts';
import { openSocket } from './socket.ts';

export interface Question {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: Body;
  /** Is given the content of a 2xx answer, however long; without, its beginning becomes the answer's `text`. */
  receive?(chunk: Buffer): void;
}

/** The requests of one delivery, over one connection as long as the server keeps it. */
export interface HttpClient {
  /** `host:port`, for messages. */
  at: string;
  /** Rejects with why there is no connection. */
  connect(): Promise<void>;
  /** Fulfilled with any final answer, whatever its status; redirections are not followed. */
  ask(question: Question): Promise<Answer>;
  close(): void;
}

/** An answer's text is for messages, versions and digests; the rest is not waited for. */
const longestTextBytes = 64 * 1024;

export function openClient(
  site: HttpSite,
  decideHostKey: DeliveryObserver['decideHostKey'],
  signal: AbortSignal,
): HttpClient {
  const at = formatAddress(site.host, site.port);
  const common = commonHeaders(site);
  const closed = new AbortController();
  const life = AbortSignal.any([signal, closed.signal]);
  const open = () => openSocket(site, decideHostKey, life);
  /** Opened ahead of the first request. */
  let waiting: Socket | undefined;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = (_options, done) => {
    const ready = waiting?.destroyed === false ? Promise.resolve(waiting) : open();
    waiting = undefined;
    ready.then(
      (socket) => done?.(null, socket),
      (error) => done?.(error, undefined as never),
    );
    return undefined;
  };

  const exchange = async ({ method, path, headers, body, receive }: Question): Promise<Answer> => {
    const outgoing = request({ agent, method, path, headers: { ...common, ...headers }, signal: life });
    let silent: PushrodError | undefined;
    const silence = watchSilence(site.timeouts, at, (error) => {
      silent = error;
      outgoing.destroy();
    });
    let incoming: IncomingMessage | undefined;
    try {
      const exchanged = await sendBody(outgoing, body, silence);
      incoming = exchanged.incoming;
      const { statusCode: status = 0 } = incoming;
      const text =
        status < 300 && receive ? await receiveWhole(incoming, receive, silence) : await receiveText(incoming);
      if (status < 300 && !exchanged.isSent) {
        throw new PushrodError('DEVICE_ERROR', `${at} answered ${status} before it had all of the file.`);
      }
      const { headers: found } = incoming;
      const location = found.location && withoutSecrets(found.location, site);
      return { status, headers: found, text: withoutSecrets(text, site), location };
    } catch (thrown) {
      throw silent ?? thrown;
    } finally {
      silence.stopWatching();
      // An answer that came before all was sent, or that is longer than anyone reads, ends the connection.
      if (!outgoing.writableEnded || !incoming?.complete) outgoing.destroy();
    }
  };

  return {
    at,
    async connect() {
      waiting = await open();
    },
    async ask(question) {
      try {
        return await exchange(question);
      } catch (thrown) {
        if (signal.aborted) throw cancelled();
        throw exchangeFailure(thrown, at);
      }
    },
    close() {
      closed.abort();
      waiting?.destroy();
      agent.destroy();
    },
  };
}

function commonHeaders(site: HttpSite): OutgoingHttpHeaders {
  const { host, port, tls } = site;
  const authorization = authorizationOf(site);
  // A zone is the laptop's own matter (RFC 6874, 4).
  const name = host.replace(/%.*$/, '');
  return {
    host: formatAddress(name, port === (tls ? 443 : 80) ? undefined : port),
    'user-agent': 'pushrod',
    ...(authorization !== undefined && { authorization }),
  };
}

async function receiveWhole(incoming: IncomingMessage, receive: (chunk: Buffer) => void, silence: Silence) {
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    silence.heard();
    receive(chunk);
  }
  return '';
}

/** Its time is that of the answer: what drips in for ever does not put it off. */
async function receiveText(incoming: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      kept.push(chunk);
      keptBytes += chunk.length;
      if (keptBytes >= longestTextBytes) break;
    }
  } catch (thrown) {
    // A server that refuses and hangs up has said why in its status.
    if ((incoming.statusCode ?? 0) < 300) throw thrown;
  }
  return Buffer.concat(kept).subarray(0, longestTextBytes).toString('utf8');
}
