import { randomBytes } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import { PushrodError } from '../../../shared/errors.ts';
import { createPacer } from '../rate-limit/index.ts';
import { unreadable } from '../unreadable.ts';
import type { Answer } from './answer.ts';
import type { HttpClient } from './client.ts';
import { digestHeaders } from './digest.ts';
import { statusFailure } from './failure.ts';
import type { FileJob } from './file-job.ts';
import { formPartOf } from './form-part.ts';

const chunkBytes = 256 * 1024;
/** A larger body is announced first, so that a server may refuse it unsent. */
const announcedBytes = 1024 * 1024;

/**
 * Sends the firmware from `fromBytes` on, and returns the answer.
 * @param onSent told the payload bytes sent so far
 */
export async function upload(
  client: HttpClient,
  job: FileJob,
  fromBytes: number,
  onSent: (bytes: number) => void,
): Promise<Answer> {
  const { sizeBytes } = job.firmware;
  const { head, tail, headers: form } = wrappingOf(job);
  const contentLength = head.length + sizeBytes - fromBytes + tail.length;
  const headers = {
    'content-type': 'application/octet-stream',
    ...requestHeaders(job),
    ...form,
    'content-length': contentLength,
    ...(fromBytes > 0 && { 'content-range': `bytes ${fromBytes}-${sizeBytes - 1}/${sizeBytes}` }),
  };
  const send = (expect: OutgoingHttpHeaders) =>
    client.ask({
      method: job.upload.method,
      path: job.remotePath,
      headers: { ...headers, ...expect },
      body: { head, tail, payload: payloadOf(job, fromBytes), pacer, onSent },
    });
  const pacer = createPacer(job.rateLimits);
  const mayRefuse = contentLength > announcedBytes;
  let answer = await send(mayRefuse ? { expect: '100-continue' } : {});
  // RFC 9110, 15.5.18: a server that cannot be asked so is asked plainly.
  if (answer.status === 417 && mayRefuse) answer = await send({});
  if (answer.status < 200 || answer.status > 299) throw statusFailure(answer, 'take the firmware', client.at);
  return answer;
}

/** What every request about the firmware says: which device it is meant for, and the profile's own headers. */
export function requestHeaders({ device, firmware, headers, upload }: FileJob): OutgoingHttpHeaders {
  const given = { ...headers, 'X-Device-ID': device.id, 'X-Device-Name': device.name };
  const written = Object.entries(given).map(([name, value]) => [name, asFieldValue(value)]);
  const { 'content-digest': content, ...checksum } = digestHeaders(firmware.sha256);
  // Of a form, the content is not the firmware alone.
  return { ...Object.fromEntries(written), ...checksum, ...(upload.body === 'raw' && { 'content-digest': content }) };
}

/** Letters beyond ASCII go as the bytes of UTF-8 (RFC 9110, 5.5: obs-text), control characters as spaces. */
function asFieldValue(text: string): string {
  return Buffer.from(text.replace(/\p{Cc}/gu, ' ')).toString('latin1');
}

function wrappingOf({ upload, firmware }: FileJob): { head: Buffer; tail: Buffer; headers: OutgoingHttpHeaders } {
  if (upload.body === 'raw') return { head: Buffer.alloc(0), tail: Buffer.alloc(0), headers: {} };
  const boundary = `pushrod-${randomBytes(16).toString('hex')}`;
  const { head, tail } = formPartOf(boundary, upload.field, firmware.fileName);
  return { head, tail, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

async function* payloadOf({ firmware }: FileJob, fromBytes: number): AsyncGenerator<Buffer> {
  let readBytes = fromBytes;
  try {
    for await (const chunk of chunksOf(firmware, fromBytes)) {
      readBytes += chunk.length;
      yield chunk;
    }
  } catch (thrown) {
    throw unreadable(thrown);
  }
  if (readBytes !== firmware.sizeBytes) {
    throw new PushrodError('INTERNAL', 'The stored firmware file is not as long as recorded.');
  }
}

/** A file of one chunk is read here and now: what asking the thread pool costs is most of a small push. */
function chunksOf(
  { path, sizeBytes }: FileJob['firmware'],
  fromBytes: number,
): Iterable<Buffer> | AsyncIterable<Buffer> {
  if (sizeBytes <= chunkBytes) return [readFileSync(path).subarray(fromBytes)];
  return createReadStream(path, { start: fromBytes, highWaterMark: chunkBytes });
}
