import { once } from 'node:events';
import type { Socket } from 'node:net';
import { formatAddress } from '../../shared/model/index.ts';
import { type Endpoint, openSocket, scanHostKey } from '../delivery/index.ts';

/** On a local network, who has not answered by then is not there. */
const connectMs = 1_000;
/** An SSH server speaks first, and mostly at once. */
const greetingMs = 1_000;
const timeouts = { connectMs: 5_000, commandMs: 5_000, transferMs: 5_000, keepaliveMs: 5_000 };

/** Something that listens. */
export interface Listening extends Endpoint {
  /** The host key it shows; `undefined` where it speaks no SSH. */
  key: Buffer | undefined;
}

/**
 * Looks whether something listens, and which host key it shows; it is sent no credential. Fulfilled with `undefined` where
 * nothing does. Rejects only with the reason of `signal` when that aborts.
 */
export async function scan(at: Endpoint, signal: AbortSignal): Promise<Listening | undefined> {
  try {
    const socket = await openSocket(at, formatAddress(at.host, at.port), connectMs, signal);
    if (!(await speaksSsh(socket, signal))) return { ...at, key: undefined };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
  try {
    const neverAsked = () => 'wanted' as const;
    const { key } = await scanHostKey({ ...at, via: [], legacyAlgorithms: true, timeouts }, neverAsked, signal);
    return { ...at, key };
  } catch {
    signal.throwIfAborted();
    return { ...at, key: undefined };
  }
}

/** Whether the first words of a server are those of RFC 4253, 4.2. Its connection is ended. */
async function speaksSsh(socket: Socket, signal: AbortSignal): Promise<boolean> {
  try {
    const [greeting] = await once(socket, 'data', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(greetingMs)]),
    });
    return String(greeting).startsWith('SSH-');
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
