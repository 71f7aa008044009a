import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';
import type { SshJob } from '../delivery.ts';
import { algorithms } from './algorithms.ts';
import type { Attempt } from './attempts.ts';
import { prepareCipherKeys } from './cipher-key.ts';
import { connectionFailure, type Ssh2Error, turnedAway } from './failure.ts';
import { followHandshake } from './handshake.ts';
import type { Talk } from './talk.ts';

/** One authenticated SSH connection. When it fails, everything that waits on it is rejected with the same error. */
export interface SshConnection {
  client: Client;
  /** How messages name the host. */
  at: string;
  /**
   * Runs one request that ends with a callback. Rejects with the request's own error, `TIMEOUT` after `timeoutMs`
   * (`null` where a {@link Silence} is watched instead), or the reason why the connection ended.
   */
  request<T>(
    timeoutMs: number | null,
    doing: string,
    start: (done: (error: unknown, value: T) => void) => void,
  ): Promise<T>;
  /** Ends the connection with `TIMEOUT` when nothing is heard for `silenceMs`, from now on. */
  watchSilence(silenceMs: number): Silence;
  /** Calls `listener` once, when the connection has ended. */
  onEnd(listener: (reason: PushrodError) => void): void;
  /** Set by who holds a session and can do without it for a while. */
  yieldSession?: () => Promise<void>;
  close(): void;
}

/** How long a device has said nothing while many requests are under way. */
export interface Silence {
  heard(): void;
  stopWatching(): void;
}

/** A host at the other end of an open stream, and what it takes to be let in. */
export interface Entrance {
  at: string;
  stream: Duplex;
  /** The jump host the stream passes through. */
  through: SshConnection | undefined;
  /** All of one user. */
  attempts: readonly Attempt[];
  talk: Talk;
  knownHostKeyTypes: string[];
  legacyAlgorithms: boolean;
  timeouts: SshJob['timeouts'];
  decideHostKey(key: Buffer): Promise<{ trusted: true } | { trusted: false; error: PushrodError }>;
  signal: AbortSignal;
}

/** Says what an attempt to get in is about to fail with, before the host has said who it is. */
const longestGreeting = 256;

/** ssh2 asks that often without an answer before it calls a host dead. */
const keepaliveCountMax = 3;

/** What ssh2 keeps to itself. */
interface Ssh2Client {
  /** Starts the wait for the next sign of life anew. */
  _resetKA(): void;
  _protocol: { _compatFlags: number; _debug: ((line: string) => void) | undefined };
}

/** As if the host had announced that RSA keys may sign with SHA-2 (ssh2's constants.js): with SHA-1 they never do. */
const rsaSignsWithSha2 = 1 << 4;

/** Exchanges keys, has the host key decided, and logs in. The stream is destroyed when that fails. */
export async function logIn(entrance: Entrance): Promise<SshConnection> {
  const { at, stream, through, attempts, talk, timeouts, signal } = entrance;
  const client = new Client();
  prepareCipherKeys(client);
  const inside = client as unknown as Ssh2Client;
  const waiting = new Set<(error: PushrodError) => void>();
  const listeners = new Set<(reason: PushrodError) => void>();
  const handshake = followHandshake();
  let greeting = '';
  let ended: PushrodError | undefined;
  let isReady = false;

  const end = (reason: PushrodError) => {
    if (ended) return;
    ended = reason;
    signal.removeEventListener('abort', onAbort);
    for (const reject of waiting) reject(ended);
    waiting.clear();
    for (const listener of listeners) listener(ended);
    client.destroy();
    stream.destroy();
  };
  const onAbort = () => end(cancelled());
  const nameFailure = (error?: Ssh2Error): PushrodError => {
    if (isReady) return connectionFailure(error, at);
    if (handshake.doing === 'say that it speaks SSH') return turnedAway(at, greeting, error);
    const isRefusal = error?.level === 'client-authentication' || /authentication failures/i.test(error?.message ?? '');
    // dropbear ends a connection without a word when it has refused often enough.
    if (isRefusal || (!error && talk.hasTried())) return talk.refusal(at, error);
    return connectionFailure(error, at, { handshake, isLegacy: entrance.legacyAlgorithms });
  };
  client.on('error', (error: Ssh2Error) => {
    if (error.level === 'agent') return talk.note(`The SSH agent did not sign (${error.message}).`);
    end(nameFailure(error));
  });
  client.on('close', () => end(nameFailure()));
  client.on('change password', () => {
    talk.note('It wants a new password to be set first: log in by hand once.');
    end(talk.refusal(at));
  });
  signal.addEventListener('abort', onAbort);
  through?.onEnd(end);

  const request = <T>(
    timeoutMs: number | null,
    doing: string | (() => string),
    start: (done: (error: unknown, value: T) => void) => void,
  ) =>
    new Promise<T>((resolve, reject) => {
      if (ended) return reject(ended);
      const onTimeout = (ms: number) => {
        const what = typeof doing === 'string' ? doing : doing();
        end(new PushrodError('TIMEOUT', `${at} took over ${ms / 1000} s to ${what}.`));
      };
      const timer = timeoutMs === null ? undefined : setTimeout(onTimeout, timeoutMs, timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        waiting.delete(fail);
      };
      const fail = (error: unknown) => {
        settle();
        reject(error);
      };
      waiting.add(fail);
      try {
        start((error, value) => {
          settle();
          if (error) reject(error);
          else resolve(value);
        });
      } catch (thrown) {
        fail(thrown);
      }
    });

  const watchSilence: SshConnection['watchSilence'] = (silenceMs) => {
    const message = `${at} acknowledged nothing for ${silenceMs / 1000} s.`;
    const timer = setTimeout(() => end(new PushrodError('TIMEOUT', message)), silenceMs);
    // While bytes queue up, a sign of life waits behind them: their own silence is what counts.
    const alive = setInterval(() => inside._resetKA(), timeouts.keepaliveMs);
    return {
      heard: () => void timer.refresh(),
      stopWatching() {
        clearTimeout(timer);
        clearInterval(alive);
      },
    };
  };

  const showNext = talk.handler(attempts, () => end(talk.refusal(at)));
  try {
    if (signal.aborted) throw cancelled();
    await request<void>(
      timeouts.connectMs,
      () => handshake.doing,
      (done) => {
        client.once('ready', () => done(undefined, undefined));
        client.connect({
          sock: stream,
          username: attempts[0]?.username ?? '',
          authHandler: (...asked) => {
            if (!handshake.namesSignatures && !entrance.legacyAlgorithms) {
              inside._protocol._compatFlags |= rsaSignsWithSha2;
            }
            showNext(...asked);
          },
          algorithms: algorithms(entrance.knownHostKeyTypes, entrance.legacyAlgorithms),
          readyTimeout: 0,
          keepaliveInterval: timeouts.keepaliveMs,
          keepaliveCountMax,
          debug: handshake.heard,
          hostVerifier: (key: Buffer, verdict: (trusted: boolean) => void) => {
            entrance.decideHostKey(key).then(
              (decision) => {
                if (decision.trusted) verdict(true);
                else end(decision.error);
              },
              (error) => end(error),
            );
          },
        });
        stream.on('data', (chunk: Buffer) => {
          // ssh2 counts only the answer to its question as a sign of life.
          if (isReady) inside._resetKA();
          else if (greeting.length < longestGreeting) greeting += chunk.toString('latin1');
        });
      },
    );
    isReady = true;
    // It would be called for every packet.
    inside._protocol._debug = undefined;
    return {
      client,
      at,
      request,
      watchSilence,
      onEnd(listener) {
        if (ended) listener(ended);
        else listeners.add(listener);
      },
      close: () => end(new PushrodError('CONNECTION_LOST', `The connection to ${at} is closed.`)),
    };
  } catch (thrown) {
    end(thrown instanceof PushrodError ? thrown : nameFailure(thrown as Error));
    throw ended;
  }
}

export function cancelled(): PushrodError {
  return new PushrodError('CANCELLED', 'The push to this device was cancelled.');
}
