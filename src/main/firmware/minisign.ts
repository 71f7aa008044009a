import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { PushrodError } from '../../shared/errors.ts';

/** A public key of minisign (https://jedisct1.github.io/minisign/#public-key-format). */
export interface PublicKey {
  keyId: string;
  /** Its line, in base64. */
  line: string;
  key: KeyObject;
}

/** A signature of minisign (https://jedisct1.github.io/minisign/#signature-format). */
export interface Signature {
  keyId: string;
  /** Of the file's BLAKE2b-512 instead of the file. */
  isPrehashed: boolean;
  bytes: Buffer;
  trustedComment: string;
  /** Of the signature and the trusted comment. */
  globalBytes: Buffer;
}

const algorithms = { plain: 'Ed', prehashed: 'ED' } as const;
const keyIdLength = 8;
const signatureLength = 64;
/** A plain signature is of the whole file, which has to be in memory for it. */
const mostPlainBytes = 256 * 1024 * 1024;

/** Reads a public key: its line, or a `.pub` file. @throws PushrodError `INVALID_INPUT` */
export function readPublicKey(text: string): PublicKey {
  const line = text.trim().split(/\r?\n/).at(-1)?.trim() ?? '';
  const bytes = Buffer.from(line, 'base64');
  const isKey = bytes.length === 2 + keyIdLength + 32 && bytes.toString('latin1', 0, 2) === algorithms.plain;
  if (!isKey) {
    throw invalid('publicKey', 'is no public key of minisign; give the line that begins with RW, or the .pub file');
  }
  const x = bytes.subarray(2 + keyIdLength).toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  return { keyId: keyIdOf(bytes), line, key };
}

/** Reads a `.minisig` file. @throws PushrodError `INVALID_INPUT` */
export function readSignature(text: string): Signature {
  const [comment = '', line = '', trusted = '', global = ''] = text.split(/\r?\n/);
  const bytes = Buffer.from(line, 'base64');
  const globalBytes = Buffer.from(global, 'base64');
  const algorithm = bytes.toString('latin1', 0, 2);
  const isSignature =
    comment.startsWith('untrusted comment:') &&
    trusted.startsWith('trusted comment: ') &&
    bytes.length === 2 + keyIdLength + signatureLength &&
    globalBytes.length === signatureLength &&
    (algorithm === algorithms.plain || algorithm === algorithms.prehashed);
  if (!isSignature) throw invalid('signature', 'is no signature of minisign; give the .minisig file');
  return {
    keyId: keyIdOf(bytes),
    isPrehashed: algorithm === algorithms.prehashed,
    bytes: bytes.subarray(2 + keyIdLength),
    trustedComment: trusted.slice('trusted comment: '.length),
    globalBytes,
  };
}

/** @throws PushrodError `SIGNATURE_INVALID` where the key did not make the signature for the file at `path` */
export async function requireSigned(path: string, signature: Signature, { key, keyId }: PublicKey): Promise<void> {
  const { bytes, trustedComment, globalBytes } = signature;
  const isOfFile = verify(null, await signedBytes(path, signature), key, bytes);
  if (!isOfFile) throw notSigned('it was made for another file, or the file was changed since', keyId);
  const isWhole = verify(null, Buffer.concat([bytes, Buffer.from(trustedComment)]), key, globalBytes);
  if (!isWhole) throw notSigned('its trusted comment was changed', keyId);
}

async function signedBytes(path: string, { isPrehashed }: Signature): Promise<Buffer> {
  if (isPrehashed) {
    const hash = createHash('blake2b512');
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
    return hash.digest();
  }
  if ((await stat(path)).size > mostPlainBytes) {
    const message = 'is a plain signature, which is for files up to 256 MiB; sign the file with "minisign -H"';
    throw invalid('signature', message);
  }
  return readFile(path);
}

/** Little-endian in the file, and printed as one number. */
const keyIdOf = (bytes: Buffer) => bytes.readBigUInt64LE(2).toString(16).toUpperCase();

const notSigned = (why: string, keyId: string) =>
  new PushrodError('SIGNATURE_INVALID', `The signature by the key ${keyId} does not hold: ${why}.`, [
    { field: 'signature', message: why },
  ]);

const invalid = (field: string, message: string) =>
  new PushrodError('INVALID_INPUT', `${field}: ${message}.`, [{ field, message }]);
