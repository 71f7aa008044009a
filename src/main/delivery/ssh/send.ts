import type { Range } from '../delta/index.ts';
import { isCompressible, sendCompressed } from './compression.ts';
import { leavesOtherWays } from './failure.ts';
import { takeAway } from './put-in-place.ts';
import { explainWriteFailure } from './room.ts';
import type { Session } from './session.ts';

/** Sends this much to see how fast the link is, where compressing the rest might pay. */
const probeBytes = 1024 * 1024;
/** A slower link is worth the time of gzip on both sides. */
const slowBytesPerMs = 4 * 1024;

/** Sends what comes after `fromBytes`: as it is, or compressed if it shrinks and the beginning shows a slow link. */
export async function sendRest(
  session: Session,
  fromBytes: number,
  onSent: (bytesSent: number) => void,
): Promise<void> {
  const { job, names } = session;
  const { sizeBytes } = job.firmware;
  const sendPlain = (from: number, to: number) => {
    const patch = from === 0 ? undefined : [{ from, to }];
    return send(session, names.part, patch, (bytes) => onSent(from - fromBytes + bytes), to);
  };
  const probedTo = Math.ceil((fromBytes + probeBytes) / probeBytes) * probeBytes;
  const rest = { from: probedTo, to: sizeBytes };
  const canPatch = session.files.stepBytes > 0;
  if (!canPatch || job.compress === 'off' || !(await isCompressible(job.firmware.path, rest))) {
    return sendPlain(fromBytes, sizeBytes);
  }
  const startMs = performance.now();
  await sendPlain(fromBytes, probedTo);
  const isSlow = (probedTo - fromBytes) / (performance.now() - startMs) < slowBytesPerMs;
  if (isSlow && (await trySendCompressed(session, rest, (bytes) => onSent(probedTo - fromBytes + bytes)))) return;
  await sendPlain(probedTo, sizeBytes);
}

async function trySendCompressed(session: Session, rest: Range, onSent: (bytes: number) => void): Promise<boolean> {
  try {
    await sendCompressed(session, rest, session.names.part, onSent);
    return true;
  } catch (thrown) {
    if (!leavesOtherWays(thrown)) throw thrown;
    return false;
  }
}

/** Writes the firmware, or a patch of it, to a path; what could not be written is taken away. */
export async function send(
  session: Session,
  to: string,
  patch: Range[] | undefined,
  onSent: (bytesSent: number) => void,
  sizeBytes = session.job.firmware.sizeBytes,
): Promise<void> {
  try {
    await session.files.send({ path: session.job.firmware.path, sizeBytes }, to, patch, onSent);
  } catch (thrown) {
    const cause = await explainWriteFailure(session, thrown);
    await takeAway(session, to);
    throw cause;
  }
}
