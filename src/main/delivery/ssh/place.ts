import { type ErrorCode, PushrodError } from '../../../shared/errors.ts';
import type { DeliveryObserver } from '../delivery.ts';
import { bytesOf, type Range } from '../delta/index.ts';
import { copyBase, type Delta, findDelta } from './delta.ts';
import { putInPlace, takeAway } from './put-in-place.ts';
import type { Kept } from './resume.ts';
import { explainWriteFailure } from './room.ts';
import type { Session } from './session.ts';

type Observer = Pick<DeliveryObserver, 'entering' | 'progress'>;

/** Brings the file to its final path, verified: as a delta where that saves enough and works out, else all that is missing. */
export async function place(session: Session, kept: Kept, observer: Observer): Promise<void> {
  const { job, files, names } = session;
  const { sizeBytes } = job.firmware;
  const delta = await findDelta(session, sizeBytes - kept.fromBytes);
  const tried = delta && (await tryDelta(session, delta, observer));
  if (tried?.isPlaced) return kept.partBytes > 0 ? takeAway(session, names.part) : undefined;
  const inVainBytes = tried?.bytesSent ?? 0;
  const resumedFrom = kept.fromBytes;
  await observer.entering('transferring', { method: files.method, resumedFrom, unchangedBytes: 0 });
  const patch = resumedFrom === 0 ? undefined : [{ from: resumedFrom, to: sizeBytes }];
  await send(session, names.part, patch, (bytesSent) => observer.progress(inVainBytes + bytesSent));
  await observer.entering('verifying');
  await putInPlace(session, names.part);
}

/** With these the connection goes on, and the whole file may do better. */
const doubts = new Set<ErrorCode>([
  ...(['CHECKSUM_MISMATCH', 'DEVICE_ERROR', 'NO_SPACE', 'PERMISSION_DENIED', 'REMOTE_PATH_INVALID'] as const),
]);

/**
 * Changes a copy of what the device holds, under the name of this push alone: what is copied is not what another push
 * of the same firmware expects at the `.part`.
 */
async function tryDelta(session: Session, delta: Delta, observer: Observer) {
  const { job, names } = session;
  let bytesSent = 0;
  const unchangedBytes = job.firmware.sizeBytes - bytesOf(delta.ranges);
  await observer.entering('transferring', { method: 'delta', resumedFrom: 0, unchangedBytes });
  try {
    await copyBase(session, delta, names.claimed);
    await send(session, names.claimed, delta.ranges, (bytes) => {
      bytesSent = bytes;
      observer.progress(bytes);
    });
    await observer.entering('verifying');
    await putInPlace(session, names.claimed);
    return { isPlaced: true, bytesSent };
  } catch (thrown) {
    if (!(thrown instanceof PushrodError) || !doubts.has(thrown.code)) throw thrown;
    await takeAway(session, names.claimed);
    return { isPlaced: false, bytesSent };
  }
}

async function send(
  session: Session,
  to: string,
  patch: Range[] | undefined,
  onSent: (bytesSent: number) => void,
): Promise<void> {
  try {
    await session.files.send(session.job.firmware, to, patch, onSent);
  } catch (thrown) {
    const cause = await explainWriteFailure(session, thrown);
    await takeAway(session, to);
    throw cause;
  }
}
