import type { TLSSocket } from 'node:tls';
import { PushrodError } from '../../../shared/errors.ts';
import { formatAddress } from '../../../shared/model/address.ts';
import { certificateKey, fingerprintOf } from '../../hosts/index.ts';
import type { DeliveryObserver, HttpSite } from '../delivery.ts';

/**
 * Decides whether to go on with a server that shows this certificate: by the profile's authority, by its pin, or else by
 * what was accepted before, as for host keys.
 * @throws PushrodError `CERTIFICATE_INVALID`, `HOST_KEY_CHANGED`, `HOST_KEY_UNKNOWN`
 */
export async function checkCertificate(
  { host, port, tls }: Pick<HttpSite, 'host' | 'port' | 'tls'>,
  socket: TLSSocket,
  decideHostKey: DeliveryObserver['decideHostKey'],
): Promise<void> {
  const at = formatAddress(host, port);
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) throw new PushrodError('CERTIFICATE_INVALID', `${at} showed no certificate.`);
  const key = certificateKey(certificate.raw);
  if (tls?.ca !== undefined) {
    if (socket.authorized) return;
    // Typed as an Error, it is the code of one (tls.js, onConnectSecure).
    const reason = String(socket.authorizationError);
    const message = `The certificate of ${at}, ${fingerprintOf(key)}, is not one to trust: ${reasons[reason] ?? reason}.`;
    throw new PushrodError('CERTIFICATE_INVALID', message);
  }
  if (tls?.pin !== undefined) {
    const pinned = asFingerprint(tls.pin);
    if (fingerprintOf(key) === pinned) return;
    const message = `The certificate of ${at} is ${fingerprintOf(key)}; the profile has ${pinned} pinned.`;
    throw new PushrodError('HOST_KEY_CHANGED', message);
  }
  const decision = await decideHostKey({ host, port }, key);
  if (!decision.trusted) throw decision.error;
}

/** Codes of OpenSSL's X509_verify_cert_error_string(3) and Node's, in words. */
const reasons: Record<string, string> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is self-signed, and not of the profile's CA",
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name or address',
  SELF_SIGNED_CERT_IN_CHAIN: "its CA is not the profile's",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its CA is not the profile's",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its CA is not the profile's",
};

/** A fingerprint as people write it, in the form {@link fingerprintOf} gives it. */
function asFingerprint(written: string): string {
  if (written.startsWith('SHA256:')) return written.replace(/=+$/, '');
  const bytes = Buffer.from(written.replaceAll(':', ''), 'hex');
  return `SHA256:${bytes.toString('base64').replace(/=+$/, '')}`;
}
