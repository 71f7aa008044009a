import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileInForm } from './http-form.ts';
import type { Throttle } from './throttle.ts';

/** Where the bytes lie until they are whole, by what they will hash to: only those of one file go on with each other. */
function partOf(file: string, request: IncomingMessage): string {
  const { 'x-checksum-sha256': sha256 } = request.headers;
  return `${file}.${/^[0-9a-f]{64}$/.test(String(sha256)) ? String(sha256).slice(0, 12) : 'unnamed'}.part`;
}

/** The answer to "how much of this is there": headers of a 308, or nothing when something else was asked. */
export async function heldRange(file: string, request: IncomingMessage): Promise<OutgoingHttpHeaders | undefined> {
  if (!/^bytes \*\/\d+$/.test(request.headers['content-range'] ?? '')) return undefined;
  const held = await stat(partOf(file, request)).catch(() => undefined);
  return { 'content-length': 0, ...(held && held.size > 0 && { range: `bytes=0-${held.size - 1}` }) };
}

/** Stores an upload under its name when it is whole and hashes as announced; says what is wrong with it otherwise. */
export async function takeUpload(
  file: string,
  request: IncomingMessage,
  throttle: Throttle,
): Promise<{ sha256: string; size: number } | string> {
  const part = partOf(file, request);
  await mkdir(dirname(file), { recursive: true });
  const [, from = '0'] = /^bytes (\d+)-\d+\/\d+$/.exec(request.headers['content-range'] ?? '') ?? [];
  const start = Number(from);
  const held = await stat(part).catch(() => undefined);
  if (start > 0 && held?.size !== start) return `bytes up to ${held?.size ?? 0} are here, not up to ${start}`;
  async function* slowly(bytes: AsyncIterable<Buffer>) {
    for await (const chunk of bytes) {
      await throttle(chunk.length);
      yield chunk;
    }
  }
  await pipeline(fileInForm(request), slowly, createWriteStream(part, { flags: start > 0 ? 'r+' : 'w', start }));
  const hash = createHash('sha256');
  await pipeline(createReadStream(part), hash);
  const sha256 = hash.digest('hex');
  const { 'x-checksum-sha256': announced = sha256 } = request.headers;
  if (announced !== sha256) {
    await rm(part);
    return `the SHA-256 is ${sha256}, not ${announced}`;
  }
  await rename(part, file);
  return { sha256, size: (await stat(file)).size };
}
