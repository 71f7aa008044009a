import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { PushrodError } from '../../../shared/errors.ts';
import { formatAddress } from '../../../shared/model/address.ts';
import { cancelled } from '../cancelled.ts';
import type { Endpoint } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
import type { SshConnection } from './connection.ts';
import { connectionFailure, type Ssh2Error } from './failure.ts';
import { gatherWrites } from './gather-writes.ts';

/** Opens the stream to a host. */
export function openSocket({ host, port }: Endpoint, at: string, timeoutMs: number, signal: AbortSignal) {
  return new Promise<Socket>((resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    // ssh2's own socket waits 40 ms for every small packet: Nagle's delay is off.
    const socket = connect({ host, port, noDelay: true, signal });
    const onTimeout = () => {
      socket.destroy();
      reject(new PushrodError('UNREACHABLE', `${at} did not answer within ${timeoutMs / 1000} s.`));
    };
    const timer = setTimeout(onTimeout, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      gatherWrites(socket);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(signal.aborted ? cancelled() : connectionFailure(error, at));
    });
  });
}

/** Why a server does not open a channel (RFC 4254 5.1). */
const administrativelyProhibited = 1;

/** Opens the stream to a host through a jump host (RFC 4254 7.2). */
export async function openThrough(hop: SshConnection, to: Endpoint, timeoutMs: number): Promise<Duplex> {
  const at = formatAddress(to.host, to.port);
  const unreachable = (why: string) => new PushrodError('UNREACHABLE', `${hop.at} cannot reach ${at}: ${why}.`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unreachable(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    const opened = hop.request<ClientChannel>(null, 'forward', (done) =>
      hop.client.forwardOut('127.0.0.1', 0, to.host, to.port, done),
    );
    return await Promise.race([opened, late]);
  } catch (thrown) {
    if (thrown instanceof PushrodError) throw thrown;
    const { reason, message } = thrown as Ssh2Error & { reason?: number };
    const why = deviceText(message.replace('(SSH) Channel open failure: ', ''));
    if (reason !== administrativelyProhibited) throw unreachable(why);
    throw new PushrodError('FORWARDING_REFUSED', `${hop.at} does not forward to ${at}: ${why}.`, [], { cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}
