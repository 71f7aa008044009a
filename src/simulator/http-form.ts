import type { IncomingMessage } from 'node:http';

const endOfHead = Buffer.from('\r\n\r\n');
/** A part's head is short; what goes on longer is no form. */
const longestHeadBytes = 16 * 1024;

/** The bytes of the file that a request carries: all of it, or the one file of a form (RFC 7578). */
export async function* fileInForm(request: IncomingMessage): AsyncGenerator<Buffer> {
  const [, boundary] =
    /^multipart\/form-data;\s*boundary="?([^";]+)"?/i.exec(request.headers['content-type'] ?? '') ?? [];
  if (boundary === undefined) {
    yield* request as AsyncIterable<Buffer>;
    return;
  }
  const tailBytes = `\r\n--${boundary}--\r\n`.length;
  let leftBytes = Number(request.headers['content-length']) - tailBytes;
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    let bytes = chunk;
    if (head) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(endOfHead);
      if (end < 0 && head.length > longestHeadBytes) throw new Error('this is no form');
      if (end < 0) continue;
      bytes = head.subarray(end + endOfHead.length);
      leftBytes -= end + endOfHead.length;
      head = undefined;
    }
    bytes = bytes.subarray(0, leftBytes);
    leftBytes -= bytes.length;
    if (bytes.length > 0) yield bytes;
  }
}
