import type { DeliveryObserver } from '../delivery.ts';
import { bytesOf } from '../delta/index.ts';
import { copyBase, type Delta, findDelta } from './delta.ts';
import { leavesOtherWays } from './failure.ts';
import { putInPlace, takeAway } from './put-in-place.ts';
import type { Kept } from './resume.ts';
import { send, sendRest } from './send.ts';
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
  await sendRest(session, resumedFrom, (bytesSent) => observer.progress(inVainBytes + bytesSent));
  await observer.entering('verifying');
  await putInPlace(session, names.part);
}

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
    if (!leavesOtherWays(thrown)) throw thrown;
    await takeAway(session, names.claimed);
    return { isPlaced: false, bytesSent };
  }
}
