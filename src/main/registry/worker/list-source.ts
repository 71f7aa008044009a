import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PushrodError } from '../../../shared/errors.ts';
import type { ListFormat } from '../../../shared/model/index.ts';
import type { ListSource } from '../devices.ts';
import { formatOf } from '../lists/index.ts';

/** Bytes of a list read at once. */
const pieceBytes = 1024 * 1024;
/** Enough to see what a list without a telling name is. */
const startBytes = 4 * 1024;

/** What a list is, by its name or how it starts; CSV when neither tells. @throws PushrodError `INVALID_INPUT` */
export async function guessFormat(source: ListSource): Promise<ListFormat> {
  if ('content' in source) return formatOf(source.fileName ?? '', source.content.slice(0, startBytes)) ?? 'csv';
  return formatOf(source.path) ?? formatOf('', await readStart(source.path)) ?? 'csv';
}

/** The bytes of a file of this laptop. @throws PushrodError `INVALID_INPUT` when it cannot be read */
export async function* readListFile(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { signal, highWaterMark: pieceBytes });
  } catch (thrown) {
    signal.throwIfAborted();
    throw unreadable(path, thrown);
  }
}

async function readStart(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    // What is read from a pipe is gone.
    if (!(await file.stat()).isFile()) return new Uint8Array();
    const { buffer, bytesRead } = await file.read(new Uint8Array(startBytes), 0, startBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

function unreadable(path: string, thrown: unknown): PushrodError {
  const message = `The list ${path} cannot be read (${(thrown as NodeJS.ErrnoException).code}).`;
  return new PushrodError('INVALID_INPUT', message, [{ field: 'path', message }], { cause: thrown });
}
