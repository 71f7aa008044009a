import { type ErrorCode, PushrodError } from '../../../shared/errors.ts';
import { cancelled } from '../cancelled.ts';
import { type Before, confirm, unseen } from '../confirm.ts';
import type { DeliveryObserver, HttpJob } from '../delivery.ts';
import { sumUp } from '../sum-up.ts';
import { type HttpClient, openClient } from './client.ts';
import { statusFailure } from './failure.ts';
import type { FileJob } from './file-job.ts';
import { heldBytes } from './resume.ts';
import { askRunning, visit } from './running.ts';
import { upload } from './upload.ts';
import { verify } from './verify.ts';

/**
 * Brings an update to one device over HTTP, in this thread. The device itself puts it in place, and activates it: what
 * is confirmed beyond its 2xx is the profile's `verify`, and the version where it is waited for.
 */
export async function deliverOverHttp(job: HttpJob, observer: DeliveryObserver, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled();
  try {
    const before = job.isActivated ? unseen : await bring(job, observer, signal);
    if (!job.confirmation) return;
    await observer.entering('confirming');
    await confirm(job.confirmation, before, (until) => visit(job, observer, until), signal);
  } catch (thrown) {
    if (signal.aborted) throw cancelled();
    throw thrown;
  }
}

/** Up to the device's answer. Fulfilled with what was seen before. */
async function bring(job: HttpJob, observer: DeliveryObserver, signal: AbortSignal): Promise<Before> {
  await observer.entering('connecting');
  const client = openClient(job, observer.decideHostKey, signal);
  try {
    await client.connect();
    await observer.entering('preflight');
    await requireHealthy(client, job);
    const running = job.confirmation && (await askRunningIfTold(client, job, observer));
    const before = { version: running?.version, bootId: undefined };
    const summing = sumUp(observer);
    for (const [index, file] of job.files.entries()) {
      const isLast = index === job.files.length - 1;
      const taken = await put(client, { ...job, ...file }, summing);
      if (taken instanceof PushrodError) {
        if (!isLast || !job.confirmation) throw taken;
        return { ...before, hasGone: true };
      }
      summing.next();
    }
    if (!job.confirmation) await askRunningIfTold(client, job, observer);
    return { ...before, hasGone: false };
  } finally {
    client.close();
  }
}

/**
 * Uploads one file and sees that the device took it.
 * @returns why there was no answer, where the device had been sent everything: it may be rebooting into it
 */
async function put(client: HttpClient, job: FileJob, observer: DeliveryObserver): Promise<PushrodError | undefined> {
  const fromBytes = await heldBytes(client, job);
  await observer.entering('transferring', { method: 'http', resumedFrom: fromBytes, unchangedBytes: 0 });
  let sent = 0;
  const onSent = (bytes: number) => {
    sent = bytes;
    observer.progress(sent);
  };
  const answer = await upload(client, job, fromBytes, onSent).catch((thrown: unknown) => {
    const isUnanswered = thrown instanceof PushrodError && unanswered.has(thrown.code);
    if (!isUnanswered || fromBytes + sent < job.firmware.sizeBytes) throw thrown;
    return thrown;
  });
  if (answer instanceof PushrodError) return answer;
  await observer.entering('verifying');
  try {
    await verify(client, job, answer);
  } catch (thrown) {
    if (fromBytes === 0 || !isMismatch(thrown)) throw thrown;
    // What the device held was not the beginning of this firmware: it gets the whole.
    await verify(client, job, await upload(client, job, 0, (bytes) => observer.progress(sent + bytes)));
  }
  return undefined;
}

const unanswered = new Set<ErrorCode>(['CONNECTION_LOST', 'TIMEOUT']);

async function requireHealthy(client: HttpClient, { healthPath }: HttpJob): Promise<void> {
  if (healthPath === undefined) return;
  const answer = await client.ask({ method: 'GET', path: healthPath });
  if (answer.status < 200 || answer.status > 299) throw statusFailure(answer, 'say that it is well', client.at);
}

/** Good to know, but no reason to fail: the firmware from before may not tell, and the new one is in place either way. */
function askRunningIfTold(...asked: Parameters<typeof askRunning>) {
  return askRunning(...asked).catch(() => undefined);
}

const isMismatch = (thrown: unknown) => thrown instanceof PushrodError && thrown.code === 'CHECKSUM_MISMATCH';
