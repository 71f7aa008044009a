import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const tokenBytes = 32;
/** The oldest pairing ends when more browsers than this were paired. */
const maxTokens = 100;

const tokenFileSchema = z.object({ sha256: z.array(z.string()) });

/** The paired browsers. Of a token only its SHA-256 is kept: a stolen file opens nothing. */
export interface Tokens {
  /** Makes a token: 32 random bytes in base64url, safe in a header and a WebSocket subprotocol. */
  issue(): string;
  accepts(token: string): boolean;
}

/** @param file keeps browsers paired over a restart; readable by its user only */
export function createTokens(file?: string): Tokens {
  let hashes = file === undefined ? [] : readHashes(file);
  return {
    issue() {
      const token = randomBytes(tokenBytes).toString('base64url');
      hashes = [...hashes, hashOf(token)].slice(-maxTokens);
      if (file !== undefined) writeHashes(file, hashes);
      return token;
    },
    accepts: (token) => hashes.includes(hashOf(token)),
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** An unreadable file means that browsers pair again, not that the server stays shut. */
function readHashes(file: string): string[] {
  if (!existsSync(file)) return [];
  try {
    return tokenFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).sha256;
  } catch {
    return [];
  }
}

function writeHashes(file: string, sha256: string[]): void {
  const part = `${file}.part`;
  writeFileSync(part, `${JSON.stringify({ sha256 })}\n`, { mode: 0o600 });
  renameSync(part, file);
}
