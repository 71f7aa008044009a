import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const mib = 1024 * 1024;

/** Writes `sizeBytes` that do not compress and are the same each time; `seed` makes another file. */
export function makeFile(path: string, sizeBytes: number, seed = 0): void {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  const zeros = Buffer.alloc(mib);
  const file = openSync(path, 'w');
  for (let left = sizeBytes; left > 0; left -= mib)
    writeSync(file, cipher.update(zeros.subarray(0, Math.min(left, mib))));
  closeSync(file);
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
