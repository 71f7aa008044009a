import { PushrodError } from '../../../shared/errors.ts';
import { remoteSha256 } from './remote-hash.ts';
import type { Session } from './session.ts';
import { wholeFileMs } from './whole-file-ms.ts';

/** How long a failing delivery may spend on taking away what it left. */
const cleanUpMs = 2_000;

/**
 * Moves the uploaded file to its final path, verified. It is hashed under a name of this push alone: another Pushrod
 * opens (and so empties) files by the name of the `.part` only, and one that still holds this file open writes the same
 * bytes to the same places. So what was hashed stays what it is, and the final path never holds anything else.
 * @param uploaded where it lies: at the `.part`, or under the name of this push alone already
 */
export async function putInPlace(session: Session, uploaded: string): Promise<void> {
  const { job, files, names } = session;
  try {
    if (uploaded !== names.claimed) await files.move(uploaded, names.claimed);
    await flushAndVerify(session);
    await setAttributes(session);
    await files.move(names.claimed, job.remotePath);
  } catch (thrown) {
    await takeAway(session, names.claimed);
    throw isMissing(thrown) ? takenOver(thrown) : thrown;
  }
  const placed = await files.look(job.remotePath);
  if (placed?.sizeBytes === job.firmware.sizeBytes) return;
  await takeAway(session, job.remotePath);
  const found = placed ? `${placed.sizeBytes} bytes` : 'nothing';
  throw new PushrodError('CHECKSUM_MISMATCH', `${job.remotePath} holds ${found} after the file was moved there.`);
}

/** Slow storage writes while the device hashes what it still has in memory. */
async function flushAndVerify(session: Session): Promise<void> {
  const { files, names } = session;
  const flushed = files.flush(names.claimed);
  // dropbear loses the connection over two commands that start at once.
  if (files.method === 'exec') await flushed;
  const both = [flushed, requireHash(session, names.claimed)];
  await Promise.all(both).finally(() => Promise.allSettled(both));
}

/** The owner comes first: a new owner takes some bits of the mode away (chown(2)). */
async function setAttributes({ job, files, names }: Session): Promise<void> {
  try {
    if (job.fileOwner !== undefined) await files.setOwner(names.claimed, job.fileOwner);
    if (job.fileMode !== undefined) await files.setMode(names.claimed, job.fileMode);
  } catch (thrown) {
    const refused = thrown instanceof PushrodError && ['DEVICE_ERROR', 'PERMISSION_DENIED'].includes(thrown.code);
    throw refused ? new PushrodError('ATTRIBUTES_REFUSED', thrown.message, [], { cause: thrown }) : thrown;
  }
}

/** Whether the final path holds the firmware already. */
export async function isInPlace({ job, connection, files }: Session): Promise<boolean> {
  const found = await files.look(job.remotePath);
  if (found?.isDirectory !== false || found.sizeBytes !== job.firmware.sizeBytes) return false;
  return (await remoteSha256(connection, files, job.remotePath, wholeFileMs(job))) === job.firmware.sha256;
}

/** What lies at the final path is the firmware, or it is taken away. */
export async function requireInPlace(session: Session): Promise<void> {
  try {
    await requireHash(session, session.job.remotePath);
  } catch (thrown) {
    if (thrown instanceof PushrodError && thrown.code === 'CHECKSUM_MISMATCH') {
      await takeAway(session, session.job.remotePath);
    }
    throw thrown;
  }
}

/** Takes a file away if the connection still allows it; the failure itself is what gets told. */
export async function takeAway({ connection, files }: Session, path: string): Promise<void> {
  await connection
    .request<void>(cleanUpMs, `remove ${path}`, (done) => {
      files.remove(path).then(() => done(undefined, undefined), done as (error: unknown) => void);
    })
    .catch(() => undefined);
}

async function requireHash({ job, connection, files }: Session, path: string): Promise<void> {
  const found = await remoteSha256(connection, files, path, wholeFileMs(job));
  if (found === job.firmware.sha256) return;
  throw new PushrodError('CHECKSUM_MISMATCH', `${path} has the SHA-256 ${found}, not ${job.firmware.sha256}.`);
}

const isMissing = (thrown: unknown) => thrown instanceof PushrodError && thrown.code === 'REMOTE_PATH_INVALID';

function takenOver(cause: unknown): PushrodError {
  const message = 'Another push of the same firmware to the same path took the file over; this one put nothing there.';
  return new PushrodError('DEVICE_ERROR', message, [], { cause });
}
