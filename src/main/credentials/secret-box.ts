import { createCipheriv, createDecipheriv, randomBytes, randomUUID, scryptSync } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PushrodError } from '../../shared/errors.ts';

/** Encrypts secrets at rest. */
export interface SecretBox {
  /** @throws PushrodError `SECRET_UNREADABLE` when the key itself cannot be read */
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
      const opening = theKey();
      const nonce = sealed.subarray(1, 1 + nonceBytes);
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
      const body = sealed.subarray(1 + nonceBytes + tagBytes);
      try {
        const decipher = createDecipheriv('aes-256-gcm', opening, nonce);
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

/** @throws PushrodError `SECRET_UNREADABLE` */
function readOrMake(file: string): Buffer {
  if (!existsSync(file)) make(file);
  const key = readFileSync(file);
  if (key.length === keyBytes) return key;
  throw new PushrodError(
    'SECRET_UNREADABLE',
    `${file} is damaged: it holds ${key.length} bytes instead of ${keyBytes}, so no stored secret can be read. Put it back from a backup, or move it away.`,
  );
}

/** The file is there whole or not at all, even after a power cut; one that has come meanwhile stays. */
function make(file: string): void {
  const partial = `${file}.${randomUUID()}`;
  try {
    writeFileSync(partial, randomBytes(keyBytes), { mode: 0o600, flag: 'wx', flush: true });
    putInPlace(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function putInPlace(partial: string, file: string): void {
  try {
    linkSync(partial, file);
  } catch (thrown) {
    if (existsSync(file)) return;
    const { code = '' } = thrown as NodeJS.ErrnoException;
    // A file system without hard links, such as FAT. The lock of the data folder keeps others away.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'].includes(code)) throw thrown;
    renameSync(partial, file);
  }
}
