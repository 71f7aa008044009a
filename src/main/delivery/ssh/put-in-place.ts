import { PushrodError } from '../../../shared/errors.ts';
import { shellQuote } from '../../../shared/shell-quote.ts';
import { deviceText } from './device-text.ts';
import { execWherePossible } from './exec.ts';
import { remoteSha256 } from './remote-hash.ts';
import type { Session } from './session.ts';

/** Slowest hashing of a device that is still waited for, on top of the command timeout. */
const slowestHashBytesPerMs = 1_000;

/** How long a failing delivery may spend on taking away what it left. */
const cleanUpMs = 2_000;

/**
 * Moves the uploaded file to its final path, verified. It is hashed under a name of this push alone: another Pushrod
 * opens (and so empties) files by the name of the `.part` only, and one that still holds this file open writes the same
 * bytes to the same places. So what was hashed stays what it is, and the final path never holds anything else.
 */
export async function putInPlace(session: Session): Promise<void> {
  const { job, sftp, names } = session;
  try {
    await move(session, names.part, names.claimed);
    await requireHash(session, names.claimed);
    await move(session, names.claimed, job.remotePath);
  } catch (thrown) {
    await takeAway(session, names.claimed);
    throw isMissing(thrown) ? takenOver(thrown) : thrown;
  }
  const placed = await sftp.stat(job.remotePath);
  if (placed?.size === job.firmware.sizeBytes) return;
  await takeAway(session, job.remotePath);
  const found = placed ? `${placed.size} bytes` : 'nothing';
  throw new PushrodError('CHECKSUM_MISMATCH', `${job.remotePath} holds ${found} after the file was moved there.`);
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
export async function takeAway({ connection, sftp }: Session, path: string): Promise<void> {
  await connection
    .request<void>(cleanUpMs, `remove ${path}`, (done) => {
      sftp.unlink(path).then(() => done(undefined, undefined), done as (error: unknown) => void);
    })
    .catch(() => undefined);
}

/** How long the device may take over all bytes of the firmware by itself. */
export function wholeFileMs({ timeouts, firmware }: Session['job']): number {
  return timeouts.commandMs + firmware.sizeBytes / slowestHashBytesPerMs;
}

async function requireHash({ job, connection, sftp }: Session, path: string): Promise<void> {
  const found = await remoteSha256(connection, sftp, path, wholeFileMs(job));
  if (found === job.firmware.sha256) return;
  throw new PushrodError('CHECKSUM_MISMATCH', `${path} has the SHA-256 ${found}, not ${job.firmware.sha256}.`);
}

async function move({ job, connection, sftp }: Session, from: string, to: string): Promise<void> {
  if (await sftp.posixRename(from, to)) return;
  const command = `mv -f -- ${shellQuote(from)} ${shellQuote(to)}`;
  const moved = await execWherePossible(connection, command, job.timeouts.commandMs);
  // An account forced into SFTP answers any command with success.
  if (moved?.exitCode === 0 && (await sftp.stat(from)) === undefined) return;
  const why = moved?.stderr ? deviceText(moved.stderr) : 'it has no posix-rename@openssh.com and runs no commands';
  throw new PushrodError('DEVICE_ERROR', `The device could not move the file to ${to}: ${why}.`);
}

const isMissing = (thrown: unknown) => thrown instanceof PushrodError && thrown.code === 'REMOTE_PATH_INVALID';

function takenOver(cause: unknown): PushrodError {
  const message = 'Another push of the same firmware to the same path took the file over; this one put nothing there.';
  return new PushrodError('DEVICE_ERROR', message, [], { cause });
}
