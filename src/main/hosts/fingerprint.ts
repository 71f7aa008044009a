import { createHash } from 'node:crypto';

/** The type of a certificate among keys. */
export const certificateType = 'x509';

/** An X.509 certificate in the form of a public key blob: its type, then its DER, each a string of RFC 4251 5. */
export function certificateKey(der: Buffer): Buffer {
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([field(Buffer.from(certificateType)), field(der)]);
}

/**
 * `SHA256:…` in unpadded base64: of a public key blob (RFC 4253 6.6), as `ssh-keygen -l` prints it, or of a certificate's
 * DER, as `openssl x509 -fingerprint -sha256` prints it in hexadecimal.
 */
export function fingerprintOf(key: Buffer): string {
  const type = keyTypeOf(key);
  const hashed = type === certificateType ? key.subarray(4 + type.length + 4) : key;
  return `SHA256:${createHash('sha256').update(hashed).digest('base64').replace(/=+$/, '')}`;
}

/** The algorithm name at the start of a public key blob: a string with a 32-bit length (RFC 4251 5); empty without one. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return '';
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}
