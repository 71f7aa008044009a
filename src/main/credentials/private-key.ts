import { createPrivateKey, type KeyObject } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { PushrodError } from '../../shared/errors.ts';
import { ed25519PrivateKey } from '../../shared/openssh-key.ts';

/** A private key that was opened with its passphrase. */
export interface OpenedKey {
  /** In a form ssh2 reads, without a passphrase: deriving a key from one takes long, and it is sealed anyway. */
  privateKey: string;
  /** The public half (RFC 4253 6.6). */
  publicKey: Buffer;
}

/**
 * Opens a private key: OpenSSH's own form, PuTTY's, PEM (PKCS#1, SEC 1) or PKCS#8, each encrypted or not.
 * @throws PushrodError `INVALID_INPUT`
 */
export function openPrivateKey(given: { privateKey: string; passphrase?: string | undefined }): OpenedKey {
  const parsed = parse(given);
  const pem = parsed.getPrivatePEM();
  const privateKey = parsed.type === 'ssh-ed25519' ? opensshForm(createPrivateKey(pem)) : pem;
  return { privateKey, publicKey: parsed.getPublicSSH() };
}

function parse({ privateKey, passphrase }: { privateKey: string; passphrase?: string | undefined }): ParsedKey {
  const isPkcs8 = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(privateKey);
  const parsed = ssh2.utils.parseKey(isPkcs8 ? fromPkcs8(privateKey, passphrase) : privateKey, passphrase);
  // ssh2 gives a list for forms that can hold several keys.
  const [key] = [parsed].flat();
  if (key instanceof Error) throw unusable(key.message);
  if (!key?.isPrivateKey()) throw unusable('it is a public key');
  return key;
}

/** ssh2 does not read PKCS#8 (RFC 5958), the only PEM there is for Ed25519. */
function fromPkcs8(pem: string, passphrase: string | undefined): string {
  const key = readPkcs8(pem, passphrase);
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString();
  if (key.asymmetricKeyType === 'ed25519') return opensshForm(key);
  throw unusable(`it is of type ${key.asymmetricKeyType}; SSH knows RSA, ECDSA and Ed25519`);
}

function readPkcs8(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, passphrase });
  } catch (thrown) {
    const isLocked = pem.includes('ENCRYPTED');
    const why = passphrase === undefined ? 'it is encrypted and no passphrase was given' : 'the passphrase is wrong';
    throw unusable(isLocked ? why : thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function opensshForm(key: KeyObject): string {
  const { d = '' } = key.export({ format: 'jwk' });
  return ed25519PrivateKey(Buffer.from(d, 'base64url'));
}

function unusable(reason: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `The private key cannot be used: ${reason}.`, [
    { field: 'key', message: 'give a private key in PEM or OpenSSH form, with its passphrase if it has one' },
  ]);
}
