import type { HttpClient } from './client.ts';
import type { FileJob } from './file-job.ts';
import { requestHeaders } from './upload.ts';

/**
 * Asks how much of this very firmware, which the request names by its SHA-256, the device holds already; 0 when it does
 * not say. This is how resumable uploads of Google Cloud Storage are gone on with: an empty PUT with
 * a `Content-Range` of unknown bytes and the whole size is answered by 308 and the `Range` that is there.
 */
export async function heldBytes(client: HttpClient, job: FileJob): Promise<number> {
  if (!job.upload.resume) return 0;
  const { 'content-digest': _ofNothing, ...headers } = requestHeaders(job);
  const { sizeBytes } = job.firmware;
  const answer = await client.ask({
    method: job.upload.method,
    path: job.remotePath,
    headers: { ...headers, 'content-length': 0, 'content-range': `bytes */${sizeBytes}` },
  });
  if (answer.status !== 308) return 0;
  const [, last] = /^bytes=0-(\d{1,15})$/.exec(answer.headers.range ?? '') ?? [];
  const held = last === undefined ? 0 : Number(last) + 1;
  return held < sizeBytes ? held : 0;
}
