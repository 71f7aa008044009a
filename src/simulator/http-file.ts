import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Gives a file of the device back, or only says what it is (HEAD), with its SHA-256 (RFC 9530). */
export async function answerFile(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return void response.writeHead(404, { 'content-length': 0 }).end();
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': found.size,
    'repr-digest': `sha-256=:${hash.digest('base64')}:`,
  });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(createReadStream(file), response);
}
