import { createHash } from 'node:crypto';
import { PushrodError } from '../../../shared/errors.ts';
import type { Answer } from './answer.ts';
import type { HttpClient } from './client.ts';
import { digestIn, storedDigestIn } from './digest.ts';
import { statusFailure } from './failure.ts';
import type { FileJob } from './file-job.ts';
import { requestHeaders } from './upload.ts';

/**
 * Compares what the device says it stored with what was sent; where the profile wants more than its word, asks for it.
 * @throws PushrodError `CHECKSUM_MISMATCH`, or `REQUEST_REFUSED` when nothing can be compared
 */
export async function verify(client: HttpClient, job: FileJob, uploaded: Answer): Promise<void> {
  const { verify: wanted } = job.upload;
  if (wanted === 'readBack') return requireSame(job, await readBack(client, job), 'what was read back');
  const told = storedDigestIn(uploaded);
  if (told !== undefined) return requireSame(job, told, 'what the device says it stored');
  if (wanted === 'status') return;
  const looked = await client.ask({ method: 'HEAD', path: job.remotePath, headers: deviceHeaders(job) });
  const found = looked.status < 300 ? digestIn(looked.headers) : undefined;
  if (found !== undefined) return requireSame(job, found, 'what the device says it stored');
  const message = `${client.at} tells no SHA-256 of ${job.remotePath}, neither in its answer nor when asked by HEAD (status ${looked.status}); set "verify" of the profile to "readBack" or "status".`;
  throw new PushrodError('REQUEST_REFUSED', message);
}

async function readBack(client: HttpClient, job: FileJob): Promise<string> {
  const hash = createHash('sha256');
  let receivedBytes = 0;
  const answer = await client.ask({
    method: 'GET',
    path: job.remotePath,
    headers: deviceHeaders(job),
    receive(chunk) {
      receivedBytes += chunk.length;
      if (receivedBytes > job.firmware.sizeBytes) {
        throw new PushrodError('CHECKSUM_MISMATCH', `${job.remotePath}: more was read back than was sent.`);
      }
      hash.update(chunk);
    },
  });
  if (answer.status !== 200) throw statusFailure(answer, 'give the firmware back', client.at);
  return hash.digest('hex');
}

/** Without the digests of a content that is not there. */
function deviceHeaders(job: FileJob) {
  const { 'content-digest': _content, 'x-checksum-sha256': _checksum, ...headers } = requestHeaders(job);
  return headers;
}

function requireSame({ firmware, remotePath }: FileJob, found: string, what: string): void {
  if (found === firmware.sha256) return;
  throw new PushrodError(
    'CHECKSUM_MISMATCH',
    `${remotePath}: ${what} has the SHA-256 ${found}, not ${firmware.sha256}.`,
  );
}
