import { connect as connectTcp, type Socket } from 'node:net';
import ssh2, { Client, type ConnectConfig } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';
import { formatAddress } from '../../../shared/model/address.ts';
import type { DeliveryObserver, SshJob } from '../delivery.ts';
import { algorithms } from './algorithms.ts';
import { prepareCipherKeys } from './cipher-key.ts';
import { connectionFailure } from './failure.ts';
import { gatherWrites } from './gather-writes.ts';

/** One authenticated SSH connection. When it fails, everything that waits on it is rejected with the same error. */
export interface SshConnection {
  client: Client;
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
  close(): void;
}

/** How long a device has said nothing while many requests are under way. */
export interface Silence {
  heard(): void;
  stopWatching(): void;
}

type Target = Pick<SshJob, 'host' | 'port' | 'login' | 'knownHostKeyTypes' | 'timeouts'>;

const keepaliveMs = 10_000;

/**
 * Connects and logs in. Pushrod opens the socket itself, with Nagle's delay off: ssh2's own socket waits 40 ms for
 * every small packet.
 */
export async function openConnection(
  target: Target,
  decideHostKey: DeliveryObserver['decideHostKey'],
  signal: AbortSignal,
): Promise<SshConnection> {
  const at = formatAddress(target.host, target.port);
  const client = new Client();
  prepareCipherKeys(client);
  const waiting = new Set<(error: PushrodError) => void>();
  let ended: PushrodError | undefined;
  let isReady = false;
  let socket: Socket | undefined;

  const end = (error: PushrodError) => {
    ended ??= error;
    signal.removeEventListener('abort', onAbort);
    for (const reject of waiting) reject(ended);
    waiting.clear();
    client.destroy();
    socket?.destroy();
  };
  const onAbort = () => end(cancelled());
  client.on('error', (error) => end(connectionFailure(error, at, isReady)));
  client.on('close', () => end(new PushrodError('CONNECTION_LOST', `${at} closed the connection.`)));
  signal.addEventListener('abort', onAbort);

  const request: SshConnection['request'] = (timeoutMs, doing, start) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      const onTimeout = (ms: number) => end(new PushrodError('TIMEOUT', `${at} took over ${ms / 1000} s to ${doing}.`));
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
    return { heard: () => void timer.refresh(), stopWatching: () => clearTimeout(timer) };
  };

  try {
    if (signal.aborted) throw cancelled();
    socket = await openSocket(target, at, signal);
    const sock = socket;
    await request<void>(target.timeouts.connectMs, 'log in', (done) => {
      client.once('ready', () => done(undefined, undefined));
      client.connect({
        sock,
        ...loginConfig(target.login),
        algorithms: algorithms(target.knownHostKeyTypes),
        readyTimeout: 0,
        keepaliveInterval: keepaliveMs,
        hostVerifier: (key: Buffer, verdict: (trusted: boolean) => void) => {
          decideHostKey(key).then(
            (decision) => {
              if (decision.trusted) verdict(true);
              else end(decision.error);
            },
            (error) => end(error),
          );
        },
      });
      client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) =>
        answer(prompts.map(() => passwordOf(target.login))),
      );
    });
    isReady = true;
    return {
      client,
      request,
      watchSilence,
      close: () => end(new PushrodError('CONNECTION_LOST', `The connection to ${at} is closed.`)),
    };
  } catch (thrown) {
    end(thrown instanceof PushrodError ? thrown : connectionFailure(thrown as Error, at, isReady));
    throw ended;
  }
}

export function cancelled(): PushrodError {
  return new PushrodError('CANCELLED', 'The push to this device was cancelled.');
}

function passwordOf(login: SshJob['login']): string {
  return login.secret.kind === 'password' ? login.secret.password : '';
}

function loginConfig({ username, secret }: SshJob['login']): ConnectConfig {
  if (secret.kind === 'password') return { username, password: secret.password, tryKeyboard: true };
  const parsed = ssh2.utils.parseKey(secret.privateKey, secret.passphrase);
  if (parsed instanceof Error)
    throw new PushrodError('AUTH_FAILED', `The private key cannot be used: ${parsed.message}.`);
  return { username, privateKey: secret.privateKey, passphrase: secret.passphrase };
}

function openSocket(target: Target, at: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: target.host, port: target.port, noDelay: true, signal });
    const onTimeout = () => {
      socket.destroy();
      reject(new PushrodError('UNREACHABLE', `${at} did not answer within ${target.timeouts.connectMs / 1000} s.`));
    };
    const timer = setTimeout(onTimeout, target.timeouts.connectMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      gatherWrites(socket);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(signal.aborted ? cancelled() : connectionFailure(error, at, false));
    });
  });
}
