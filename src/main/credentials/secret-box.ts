import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PushrodError } from '../../shared/errors.ts';

/** Encrypts secrets at rest. */
export interface SecretBox {
  seal(secret: string): Buffer;
  /** @throws PushrodError `SECRET_UNREADABLE` */
  open(sealed: Buffer): string;
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const header = Buffer.from([1]);

/**
 * AES-256-GCM (NIST SP 800-38D) with a random key kept in `keyFile` (mode 0600). With a passphrase the file holds only
 * a salt and the key follows from both by scrypt (RFC 7914), so that a copied data folder alone opens nothing.
 */
export function createSecretBox(keyFile: string, passphrase: string | undefined): SecretBox {
  let key: Buffer | undefined;
  const theKey = () => {
    key ??= passphrase === undefined ? readOrMake(keyFile) : derive(passphrase, readOrMake(`${keyFile}.salt`));
    return key;
  };
  return {
    seal(secret) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', theKey(), nonce);
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
    },
    open(sealed) {
      const nonce = sealed.subarray(1, 1 + nonceBytes);
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
      const body = sealed.subarray(1 + nonceBytes + tagBytes);
      try {
        const decipher = createDecipheriv('aes-256-gcm', theKey(), nonce);
        decipher.setAuthTag(tag);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (thrown) {
        throw new PushrodError(
          'SECRET_UNREADABLE',
          'A stored secret cannot be opened with the key of this start.',
          [],
          {
            cause: thrown,
          },
        );
      }
    },
  };
}

function derive(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase, salt, keyBytes, { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 });
}

function readOrMake(file: string): Buffer {
  if (!existsSync(file)) writeFileSync(file, randomBytes(keyBytes), { mode: 0o600, flag: 'wx', flush: true });
  return readFileSync(file);
}
