import type { FileHandle } from 'node:fs/promises';

/** Fills `into` from a position of a local file, as far as the file goes. @returns how many bytes that were */
export async function readUpTo(file: FileHandle, into: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
