import type { FileHandle } from 'node:fs/promises';
import { PushrodError } from '../../../shared/errors.ts';
import { readUpTo } from '../read-up-to.ts';

/** Fills `into` from a position of a local file. */
export async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  if ((await readUpTo(file, into, position)) === into.length) return;
  throw new PushrodError('INTERNAL', 'The stored firmware file is shorter than recorded.');
}
