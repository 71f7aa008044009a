import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { PushrodError } from '../../../shared/errors.ts';
import { formatAddress } from '../../../shared/model/address.ts';
import { certificateKey } from '../../hosts/index.ts';
import { cancelled } from '../cancelled.ts';
import type { DeliveryObserver, HttpSite } from '../delivery.ts';
import { checkCertificate } from './certificate.ts';
import { connectionFailure, handshakeFailure } from './failure.ts';
import { hearOut } from './hear-out.ts';

type Target = Pick<HttpSite, 'host' | 'port' | 'tls' | 'timeouts'>;

/**
 * Opens a connection, and TLS on it where the site has it. The certificate is decided on before a byte is sent.
 * @throws PushrodError `UNREACHABLE`, `CERTIFICATE_INVALID`, `HOST_KEY_CHANGED`, `HOST_KEY_UNKNOWN`, `CANCELLED`, …
 */
export async function openSocket(
  target: Target,
  decideHostKey: DeliveryObserver['decideHostKey'],
  signal: AbortSignal,
): Promise<Socket> {
  const { socket, secured } = await openUnchecked(target, signal);
  try {
    if (secured) await checkCertificate(target, secured, decideHostKey);
    // Headers that go ahead of their body (Expect) are sent in the socket's own encoding; theirs is latin1.
    socket.setDefaultEncoding('latin1');
    hearOut(socket);
    return socket;
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  }
}

/** Reads the certificate a device shows, as {@link certificateKey} writes it; nothing is sent to the device. */
export async function scanCertificate(host: string, port: number, timeoutMs: number): Promise<Buffer> {
  const timeouts = { connectMs: timeoutMs, commandMs: timeoutMs, transferMs: timeoutMs, keepaliveMs: timeoutMs };
  const { socket, secured } = await openUnchecked({ host, port, tls: {}, timeouts }, new AbortController().signal);
  try {
    const certificate = secured?.getPeerX509Certificate();
    if (!certificate) throw new PushrodError('DEVICE_ERROR', `${formatAddress(host, port)} showed no certificate.`);
    return certificateKey(certificate.raw);
  } finally {
    socket.destroy();
  }
}

async function openUnchecked(
  target: Target,
  signal: AbortSignal,
): Promise<{ socket: Socket; secured: TLSSocket | undefined }> {
  const { host, port, tls, timeouts } = target;
  const at = formatAddress(host, port);
  const deadline = AbortSignal.timeout(timeouts.connectMs);
  const either = AbortSignal.any([signal, deadline]);
  const plain = connectTcp({ host, port, noDelay: true });
  let socket: Socket = plain;
  /** A connection that breaks while nobody uses it shows when it is used. */
  const ignore = () => undefined;
  plain.on('error', ignore);
  try {
    await once(plain, 'connect', { signal: either });
    if (!tls) return { socket, secured: undefined };
    const servername = tls.serverName ?? (isIP(host) ? '' : host);
    // What the certificate is worth is decided afterwards, on all grounds at once.
    const trust = { rejectUnauthorized: false, ...(tls.ca !== undefined && { ca: tls.ca }) };
    const secured = connectTls({ socket: plain, host, servername, ALPNProtocols: ['http/1.1'], ...trust });
    secured.on('error', ignore);
    socket = secured;
    await once(secured, 'secureConnect', { signal: either });
    return { socket, secured };
  } catch (thrown) {
    socket.destroy();
    plain.destroy();
    if (signal.aborted) throw cancelled();
    if (deadline.aborted) {
      throw new PushrodError('UNREACHABLE', `${at} did not answer within ${timeouts.connectMs / 1000} s.`);
    }
    throw socket === plain ? connectionFailure(thrown, at) : handshakeFailure(thrown, at);
  }
}
