import { posix } from 'node:path';
import { PushrodError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format-bytes.ts';
import type { SshFile } from '../delivery.ts';
import { type Kept, takeOver } from './resume.ts';
import type { Session } from './session.ts';

/** Less than this is left only where a write has just failed for want of space. */
const fullBytes = 1024 * 1024;

/** Sees that the file can lie at its path, and what of it is there already. */
export async function makeRoom(session: Session): Promise<Kept> {
  const { job, files, names } = session;
  await files.makeDirectory(names.directory);
  const present = await files.look(job.remotePath);
  if (present?.isDirectory) {
    throw new PushrodError('REMOTE_PATH_INVALID', `${job.remotePath} on the device is a directory.`);
  }
  const kept = await takeOver(session);
  const freeBytes = await files.freeBytes(names.directory);
  if (freeBytes === undefined) return kept;
  const usableBytes = freeBytes + kept.partBytes;
  if (usableBytes < job.firmware.sizeBytes) throw noSpace(job, usableBytes);
  return kept;
}

/** A device may fail to say that its disk is full (SFTP has no status for it, draft-02, 7): it is asked. */
export async function explainWriteFailure({ job, files }: Session, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof PushrodError) || thrown.code !== 'DEVICE_ERROR') return thrown;
  const freeBytes = await files.freeBytes(posix.dirname(job.remotePath)).catch(() => undefined);
  return freeBytes !== undefined && freeBytes < fullBytes ? noSpace(job, freeBytes) : thrown;
}

function noSpace(job: SshFile, freeBytes: number): PushrodError {
  const where = posix.dirname(job.remotePath);
  return new PushrodError(
    'NO_SPACE',
    `${where} has ${formatBytes(freeBytes)} free of the ${formatBytes(job.firmware.sizeBytes)} needed.`,
  );
}
