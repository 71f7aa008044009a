import type { FileHandle } from 'node:fs/promises';
import { readFully } from './read-fully.ts';

const chunkBytes = 256 * 1024;

/** The bytes of a local file in order; while one chunk is dealt with, the next is read. A chunk is valid until the next. */
export async function* chunksOf(file: FileHandle, fromBytes: number, toBytes: number): AsyncGenerator<Buffer> {
  const longest = Math.min(chunkBytes, Math.max(1, toBytes - fromBytes));
  let [buffer, other] = [Buffer.allocUnsafeSlow(longest), Buffer.allocUnsafeSlow(longest)];
  const fill = async (into: Buffer, position: number) => {
    const chunk = into.subarray(0, Math.max(0, toBytes - position));
    await readFully(file, chunk, position);
    return chunk;
  };
  const read = (into: Buffer, position: number) => {
    const reading = fill(into, position);
    // A failure is told when the chunk's turn has come, which may be a while.
    reading.catch(() => undefined);
    return reading;
  };
  let ahead = read(buffer, fromBytes);
  try {
    for (let position = fromBytes; position < toBytes; ) {
      const chunk = await ahead;
      position += chunk.length;
      [buffer, other] = [other, buffer];
      ahead = read(buffer, position);
      yield chunk;
    }
  } finally {
    // The file is closed next, whether or not all of it was wanted.
    await Promise.allSettled([ahead]);
  }
}
