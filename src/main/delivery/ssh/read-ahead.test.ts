import { open } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PushrodError } from '../../../shared/errors.ts';
import { chunksOf } from './chunks-of.ts';
import { readAll } from './read-all.ts';

/** In a transfer worker, a failure that nobody hears ends the transfers of all of its devices. */
describe('what is read ahead and fails', () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => void unheard.push(reason);
  beforeEach(() => {
    unheard.length = 0;
    process.on('unhandledRejection', hear);
  });
  afterEach(() => void process.off('unhandledRejection', hear));

  it('is told once where a connection ends with several reads of a device under way', async () => {
    const lost = new PushrodError('CONNECTION_LOST', 'the link was cut');
    const cut = readAll({ read: () => Promise.reject(lost) }, Buffer.alloc(4), () => undefined);
    await expect(cut).rejects.toBe(lost);
    await turn();
    expect(unheard).toEqual([]);
  });

  it('is told when its turn comes where a local file is closed meanwhile', async () => {
    const file = await open(process.execPath);
    const chunks = chunksOf(file, 0, 1_000_000);
    expect((await chunks.next()).value).toHaveLength(256 * 1024);
    expect((await chunks.next()).value).toHaveLength(256 * 1024);
    await file.close();
    await chunks.next();
    await turn();
    await expect(chunks.next()).rejects.toMatchObject({ code: 'EBADF' });
    expect(unheard).toEqual([]);
  });
});
