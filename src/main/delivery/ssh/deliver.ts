import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { PushrodError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format-bytes.ts';
import type { DeliveryJob, DeliveryObserver } from '../delivery.ts';
import { cancelled, openConnection, type SshConnection } from './connection.ts';
import { deviceText } from './device-text.ts';
import { canExec, exec } from './exec.ts';
import { partNamesOf } from './part-names.ts';
import { putInPlace, requireInPlace, takeAway, wholeFileMs } from './put-in-place.ts';
import { makeRemoteDirectory } from './remote-directory.ts';
import type { Session } from './session.ts';
import { openSftp } from './sftp.ts';
import { upload } from './upload.ts';

/** Brings one firmware to one device over SFTP (DESIGN 6), in this thread. */
export async function deliverOverSsh(job: DeliveryJob, observer: DeliveryObserver, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled();
  await observer.entering('connecting');
  const connection = await openConnection(job, observer.decideHostKey, signal);
  try {
    await observer.entering('preflight');
    const session = await begin(job, connection);
    await preflight(session);
    await observer.entering('transferring');
    await transfer(session, observer);
    await observer.entering('verifying');
    await putInPlace(session);
    await verify(session);
    if (job.activateCommand === undefined) return;
    await observer.entering('activating');
    await run(connection, job.activateCommand, 'ACTIVATE_FAILED', job.timeouts.commandMs);
  } catch (thrown) {
    if (signal.aborted) throw cancelled();
    throw thrown;
  } finally {
    connection.close();
  }
}

async function begin(job: DeliveryJob, connection: SshConnection): Promise<Session> {
  try {
    const sftp = await openSftp(connection, job.timeouts.commandMs, job.timeouts.transferMs);
    return { job, connection, sftp, names: partNamesOf(job, randomBytes(2).toString('hex')) };
  } catch (thrown) {
    if (thrown instanceof PushrodError) throw thrown;
    throw new PushrodError('DEVICE_ERROR', 'The device offers no SFTP subsystem.', [], { cause: thrown });
  }
}

async function preflight(session: Session): Promise<void> {
  const { job, connection, sftp, names } = session;
  if (hasCommands(job) && !(await canExec(connection, job.timeouts.commandMs))) {
    const message = 'The device runs no commands (its account may be for SFTP only), but the profile has some.';
    throw new PushrodError('DEVICE_ERROR', message);
  }
  await makeRemoteDirectory(sftp, names.directory);
  const present = await sftp.stat(job.remotePath);
  if (present?.isDirectory()) {
    throw new PushrodError('REMOTE_PATH_INVALID', `${job.remotePath} on the device is a directory.`);
  }
  await clearLeftovers(session);
  const freeBytes = await sftp.freeBytes(names.directory);
  if (freeBytes === undefined) return;
  // What an interrupted transfer of this firmware left is written over.
  const usableBytes = freeBytes + ((await sftp.stat(names.part))?.size ?? 0);
  if (usableBytes < job.firmware.sizeBytes) throw noSpace(job, usableBytes);
}

/** A link that was cut while the device hashed leaves a claimed file, which nobody would look for again. */
async function clearLeftovers(session: Session): Promise<void> {
  const { sftp, names } = session;
  for (const name of await sftp.names(names.directory)) {
    if (names.isClaimed(name)) await takeAway(session, posix.join(names.directory, name));
  }
}

const hasCommands = (job: DeliveryJob) => job.verifyCommand !== undefined || job.activateCommand !== undefined;

async function transfer(session: Session, observer: DeliveryObserver): Promise<void> {
  const { job, connection, sftp, names } = session;
  const { path, sizeBytes } = job.firmware;
  const silenceMs = job.timeouts.transferMs;
  const handle = await sftp.open(names.part, 'w');
  try {
    const onSent = (bytesSent: number) => observer.progress(bytesSent);
    await upload({ connection, sftp, handle, path, sizeBytes, silenceMs, onSent });
    await sftp.fsync(handle, wholeFileMs(job));
    await sftp.closeHandle(handle);
  } catch (thrown) {
    const cause = await explainWriteFailure(session, thrown);
    await takeAway(session, names.part);
    throw cause;
  }
}

/** SFTP has no status for a full disk (draft-02, 7): the device is asked for its free space instead. */
async function explainWriteFailure({ job, sftp }: Session, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof PushrodError) || thrown.code !== 'DEVICE_ERROR') return thrown;
  const freeBytes = await sftp.freeBytes(posix.dirname(job.remotePath)).catch(() => undefined);
  const isFull = freeBytes !== undefined && freeBytes < 1024 * 1024;
  return isFull ? noSpace(job, freeBytes) : thrown;
}

async function verify(session: Session): Promise<void> {
  const { connection, job } = session;
  if (job.verifyCommand !== undefined) {
    await run(connection, job.verifyCommand, 'VERIFY_FAILED', job.timeouts.commandMs);
  }
  if (hasCommands(job)) await requireInPlace(session);
}

async function run(
  connection: SshConnection,
  command: string,
  failedCode: 'VERIFY_FAILED' | 'ACTIVATE_FAILED',
  timeoutMs: number,
): Promise<void> {
  const { exitCode, stdout, stderr } = await exec(connection, command, timeoutMs);
  if (exitCode === 0) return;
  const output = deviceText((stderr.trim() || stdout.trim()).slice(-500));
  const ended = exitCode === null ? 'was ended by a signal' : `ended with exit code ${exitCode}`;
  throw new PushrodError(failedCode, `The command "${command}" ${ended}${output ? `: ${output}` : ''}.`);
}

function noSpace(job: DeliveryJob, freeBytes: number): PushrodError {
  const where = posix.dirname(job.remotePath);
  return new PushrodError(
    'NO_SPACE',
    `${where} has ${formatBytes(freeBytes)} free of the ${formatBytes(job.firmware.sizeBytes)} needed.`,
  );
}
