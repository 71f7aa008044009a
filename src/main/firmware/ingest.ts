import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sha256 } from '../../shared/model/index.ts';
import { makeDirectory, syncDirectory } from './durable.ts';

/** Bytes that came in whole and are on the disk, but do not have their name yet. */
export interface Ingested {
  sha256: Sha256;
  sizeBytes: number;
  /** Where they lie until then. */
  path: string;
  /** Gives the bytes their name, over those that have it already. */
  keep(): Promise<void>;
  drop(): Promise<void>;
}

/** Where the bytes of a hash lie: two digits of fan-out keep directories small. */
export function pathOf(firmwareDir: string, sha256: Sha256): string {
  return join(firmwareDir, sha256.slice(0, 2), sha256);
}

const incomingPrefix = '.incoming-';

/** Removes what a process that was killed left half copied. Only for who holds the data folder's lock. */
export function removeUnfinished(firmwareDir: string): void {
  for (const name of readdirSync(firmwareDir).filter((entry) => entry.startsWith(incomingPrefix))) {
    rmSync(join(firmwareDir, name), { force: true });
  }
}

/**
 * Copies a stream into the store while hashing it. The bytes can get their name only when all of them are on the disk,
 * so a name in the store always stands for a whole file.
 */
export async function ingest(firmwareDir: string, bytes: AsyncIterable<Uint8Array>): Promise<Ingested> {
  const temporary = join(firmwareDir, `${incomingPrefix}${randomUUID()}`);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(temporary, 'wx', 0o600);
  try {
    for await (const chunk of bytes) {
      // The disk takes the chunk while it is hashed.
      const written = file.writeFile(chunk);
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
      await written;
    }
    await file.sync();
    await file.close();
    const sha256 = hash.digest('hex') as Sha256;
    return {
      sha256,
      sizeBytes,
      path: temporary,
      async keep() {
        const path = pathOf(firmwareDir, sha256);
        await makeDirectory(dirname(path));
        await rename(temporary, path);
        await syncDirectory(dirname(path));
      },
      drop: () => rm(temporary, { force: true }),
    };
  } catch (thrown) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw thrown;
  }
}
