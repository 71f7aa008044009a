import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { PushrodError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format-bytes.ts';
import { cancelled } from '../cancelled.ts';
import type { DeliveryObserver, SshJob } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
import { openConnection, type SshConnection } from './connection.ts';
import { canExec, exec } from './exec.ts';
import { openFiles } from './open-files.ts';
import { partNamesOf } from './part-names.ts';
import { putInPlace, requireInPlace, takeAway } from './put-in-place.ts';
import { type Kept, takeOver } from './resume.ts';
import type { Session } from './session.ts';

/** Brings one firmware to one device over SSH (DESIGN 6), in this thread. */
export async function deliverOverSsh(job: SshJob, observer: DeliveryObserver, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled();
  await observer.entering('connecting');
  const connection = await openConnection(job, observer.decideHostKey, signal);
  try {
    await observer.entering('preflight');
    const files = await openFiles(connection, job);
    const session: Session = { job, connection, files, names: partNamesOf(job, randomBytes(2).toString('hex')) };
    const kept = await preflight(session);
    await observer.entering('transferring', { method: files.method, resumedFrom: kept.fromBytes });
    await transfer(session, kept, observer);
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

async function preflight(session: Session): Promise<Kept> {
  const { job, connection, files, names } = session;
  if (hasCommands(job) && !(await canExec(connection, job.timeouts.commandMs))) {
    const message = 'The device runs no commands (its account may be for SFTP only), but the profile has some.';
    throw new PushrodError('DEVICE_ERROR', message);
  }
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

const hasCommands = (job: SshJob) => job.verifyCommand !== undefined || job.activateCommand !== undefined;

async function transfer(session: Session, { fromBytes }: Kept, observer: DeliveryObserver): Promise<void> {
  const { job, files, names } = session;
  try {
    await files.send(job.firmware, names.part, fromBytes, (bytesSent) => observer.progress(bytesSent));
  } catch (thrown) {
    const cause = await explainWriteFailure(session, thrown);
    await takeAway(session, names.part);
    throw cause;
  }
}

/** A device may fail to say that its disk is full (SFTP has no status for it, draft-02, 7): it is asked. */
async function explainWriteFailure({ job, files }: Session, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof PushrodError) || thrown.code !== 'DEVICE_ERROR') return thrown;
  const freeBytes = await files.freeBytes(posix.dirname(job.remotePath)).catch(() => undefined);
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

function noSpace(job: SshJob, freeBytes: number): PushrodError {
  const where = posix.dirname(job.remotePath);
  return new PushrodError(
    'NO_SPACE',
    `${where} has ${formatBytes(freeBytes)} free of the ${formatBytes(job.firmware.sizeBytes)} needed.`,
  );
}
