import { createPrivateKey, createPublicKey } from 'node:crypto';

/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410, 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const keyType = Buffer.from('ssh-ed25519');

/** An Ed25519 private key in OpenSSH's own form (openssh PROTOCOL.key), made from 32 bytes. */
export function ed25519PrivateKey(seed: Buffer): string {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const check = seed.subarray(0, 4);
  const secret = [check, check, field(keyType), field(publicKey), field(Buffer.concat([seed, publicKey])), field('')];
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[field('none'), field('none'), field('')],
    uint32(1),
    field(Buffer.concat([field(keyType), field(publicKey)])),
    field(padded(Buffer.concat(secret))),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function padded(bytes: Buffer): Buffer {
  const missing = (8 - (bytes.length % 8)) % 8;
  return Buffer.concat([bytes, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, missing))]);
}
