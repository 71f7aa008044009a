import type { Sftp } from './sftp.ts';

const chunkBytes = 255 * 1024;
/** Enough for a link of 40 ms to carry 50 MiB/s. */
const chunksAhead = 8;

/**
 * Reads an open remote file to its end, with several reads under way. A server may answer with less than was asked for
 * (draft-ietf-secsh-filexfer-02, 6.4): what was asked for ahead is then asked for anew from there.
 */
export async function readAll(sftp: Pick<Sftp, 'read'>, handle: Buffer, take: (chunk: Buffer) => void): Promise<void> {
  const buffers = Array.from({ length: chunksAhead }, () => Buffer.allocUnsafeSlow(chunkBytes));
  let position = 0;
  let shortened = false;
  do {
    const start = position;
    shortened = false;
    const ask = (index: number) => {
      const buffer = buffers[index % chunksAhead] as Buffer;
      const asked = sftp.read(handle, buffer, start + index * chunkBytes).then((length) => buffer.subarray(0, length));
      // When a read fails, so do those after it, and the first is what gets told.
      asked.catch(() => undefined);
      return asked;
    };
    const underWay = buffers.map((_, index) => ask(index));
    for (let index = 0; !shortened; index += 1) {
      const chunk = await (underWay.shift() as Promise<Buffer>);
      take(chunk);
      position += chunk.length;
      shortened = chunk.length < chunkBytes;
      if (!shortened) underWay.push(ask(index + chunksAhead));
      else await Promise.all(underWay);
      if (chunk.length === 0) return;
    }
  } while (shortened);
}
