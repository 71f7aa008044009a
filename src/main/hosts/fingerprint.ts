import { createHash } from 'node:crypto';

/** `SHA256:…` of a public key blob (RFC 4253 6.6), unpadded base64, as `ssh-keygen -l` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The algorithm name at the start of a public key blob: a string with a 32-bit length (RFC 4251 5); empty without one. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return '';
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}
