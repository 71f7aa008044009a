import type { FileHandle } from 'node:fs/promises';
import { PushrodError } from '../../../shared/errors.ts';

/** Fills `into` from a position of a local file. */
export async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, position + filled);
    if (bytesRead === 0) throw new PushrodError('INTERNAL', 'The stored firmware file is shorter than recorded.');
    filled += bytesRead;
  }
}
