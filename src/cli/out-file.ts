import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, createWriteStream, openSync, type Stats } from 'node:fs';
import { chmod, open, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { invalid } from './device-fields.ts';

/** Writes to standard output. Ends quietly when the reader leaves (`| head`). */
export async function writeOut(pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const onGone = () => gone.abort();
  process.stdout.on('error', onGone);
  try {
    for await (const piece of pieces) {
      if (gone.signal.aborted) return;
      if (!process.stdout.write(piece)) {
        await once(process.stdout, 'drain', { signal: AbortSignal.any([signal, gone.signal]) });
      }
    }
  } catch (thrown) {
    if (!gone.signal.aborted) throw thrown;
  } finally {
    process.stdout.off('error', onGone);
  }
}

/**
 * Writes a file that is whole when it appears, or into a pipe. Gives the number of characters.
 * @throws PushrodError `INVALID_INPUT` for what cannot be written, which names `field`
 */
export async function writeOutFile(
  file: string,
  field: string,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<number> {
  let characters = 0;
  async function* counted() {
    for await (const piece of pieces) {
      characters += piece.length;
      yield piece;
    }
  }
  try {
    const there = await stat(file).catch(() => undefined);
    if (there && !there.isFile()) await writeInto(file, there, counted(), signal);
    else await writeWhole(await targetOf(file), there?.mode, counted(), signal);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw typeof code === 'string' && /^E[A-Z]+$/.test(code)
      ? invalid(field, `${file} cannot be written (${code}).`)
      : thrown;
  }
  return characters;
}

/** A pipe or a device gets the list itself. Ends quietly when the reader of a pipe leaves. */
async function writeInto(
  file: string,
  there: Stats,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const closeProbe = there.isFIFO() ? await untilRead(file, signal) : undefined;
  const handle = await open(file, 'w').finally(closeProbe);
  try {
    await pipeline(pieces, handle.createWriteStream(), { signal });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EPIPE') throw thrown;
  }
}

const lookEveryMs = 20;

/** Opening a FIFO that nobody reads would wait in a way that nothing can end (fifo(7)). */
async function untilRead(fifo: string, signal: AbortSignal): Promise<() => void> {
  for (;;) {
    try {
      const probe = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
      return () => closeSync(probe);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENXIO') throw thrown;
    }
    await delay(lookEveryMs, undefined, { signal });
  }
}

/** The file that a link leads to, also when it is not there yet. */
async function targetOf(file: string): Promise<string> {
  const link = await readlink(file).catch(() => undefined);
  return link === undefined ? file : targetOf(resolve(dirname(file), link));
}

/** The file appears when it is whole and on the disk, in one step, with the rights it had. */
async function writeWhole(
  file: string,
  mode: number | undefined,
  pieces: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const partial = `${file}.${randomUUID().slice(0, 8)}.partial`;
  try {
    await pipeline(pieces, createWriteStream(partial, { flags: 'wx', flush: true }), { signal });
    if (mode !== undefined) await chmod(partial, mode & 0o777);
    await rename(partial, file);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw thrown;
  }
}
