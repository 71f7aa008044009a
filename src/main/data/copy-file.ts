import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** What a file holds. */
export interface Content {
  sizeBytes: number;
  sha256: string;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Told of every piece that was read. */
  onBytes?(count: number): void;
}

const pieceBytes = 1024 * 1024;

/** Copies a file to a name that is not taken, onto the disk. */
export async function copyFile(from: string, to: string, options: ReadOptions = {}): Promise<Content> {
  const copy = await open(to, 'wx', 0o600);
  try {
    const content = await read(from, options, (piece) => copy.writeFile(piece));
    await copy.sync();
    return content;
  } finally {
    await copy.close();
  }
}

export function contentOf(file: string, options: ReadOptions = {}): Promise<Content> {
  return read(file, options, () => undefined);
}

async function read(
  file: string,
  { signal, onBytes }: ReadOptions,
  take: (piece: Uint8Array) => unknown,
): Promise<Content> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: pieceBytes, ...(signal && { signal }) })) {
    hash.update(piece);
    await take(piece);
    sizeBytes += piece.byteLength;
    onBytes?.(piece.byteLength);
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
