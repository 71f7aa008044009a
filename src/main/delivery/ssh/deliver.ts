import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { PushrodError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/format-bytes.ts';
import { type Before, confirm, unseen } from '../confirm.ts';
import type { DeliveryObserver, RolledBack, SshJob } from '../delivery.ts';
import { activate } from './activate.ts';
import { requireSuccess, runCommand } from './command.ts';
import { cancelled, openConnection, type SshConnection } from './connection.ts';
import { canExec } from './exec.ts';
import { openFiles } from './open-files.ts';
import { partNamesOf } from './part-names.ts';
import { putInPlace, requireInPlace, takeAway } from './put-in-place.ts';
import { type Kept, takeOver } from './resume.ts';
import { canRollBack, reconnect, rollBack } from './roll-back.ts';
import { askRunning } from './running.ts';
import type { Session } from './session.ts';

/** Brings one firmware to one device over SSH (DESIGN 6), in this thread. */
export async function deliverOverSsh(
  job: SshJob,
  observer: DeliveryObserver,
  signal: AbortSignal,
): Promise<RolledBack | undefined> {
  if (signal.aborted) throw cancelled();
  try {
    const before = job.isActivated ? unseen : await bring(job, observer, signal);
    if (before && job.confirmation) {
      await observer.entering('confirming');
      await confirm(job.confirmation, before, (until) => reconnect(job, observer, until), signal);
    }
    return undefined;
  } catch (thrown) {
    if (signal.aborted) throw cancelled();
    if (!canRollBack(job, thrown)) throw thrown;
    return await rollBack(job, thrown, observer, signal);
  }
}

/** Up to the activation. Fulfilled with what was seen before it, where there is one. */
async function bring(job: SshJob, observer: DeliveryObserver, signal: AbortSignal): Promise<Before | undefined> {
  await observer.entering('connecting');
  const connection = await openConnection(job, observer.decideHostKey, signal);
  try {
    await observer.entering('preflight');
    await requireCommands(connection, job);
    const running = await askRunning(connection, job, observer);
    if (job.commands.preflight !== undefined) {
      requireSuccess(await runCommand(connection, job, job.commands.preflight, observer), 'PREFLIGHT_FAILED');
    }
    const files = await openFiles(connection, job);
    const session: Session = { job, connection, files, names: partNamesOf(job, randomBytes(2).toString('hex')) };
    const kept = await makeRoom(session);
    await observer.entering('transferring', { method: files.method, resumedFrom: kept.fromBytes });
    await transfer(session, kept, observer);
    await observer.entering('verifying');
    await putInPlace(session);
    await verify(session, observer);
    if (job.commands.activate === undefined) return undefined;
    await observer.entering('activating');
    return { ...running, hasGone: await activate(connection, job, job.commands.activate, observer) };
  } finally {
    connection.close();
  }
}

const hasCommands = ({ commands }: SshJob) => Object.values(commands).some((command) => command !== undefined);

async function requireCommands(connection: SshConnection, job: SshJob): Promise<void> {
  if (!hasCommands(job) || (await canExec(connection, job.timeouts.commandMs))) return;
  const message = 'The device runs no commands (its account may be for SFTP only), but the profile has some.';
  throw new PushrodError('DEVICE_ERROR', message);
}

/** Sees that the file can lie at its path, and what of it is there already. */
async function makeRoom(session: Session): Promise<Kept> {
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

/** Commands of the device may have taken their time: what lies at the final path is looked at once more. */
async function verify(session: Session, observer: DeliveryObserver): Promise<void> {
  const { connection, job } = session;
  if (job.commands.verify !== undefined) {
    requireSuccess(await runCommand(connection, job, job.commands.verify, observer), 'VERIFY_FAILED');
  }
  if (job.commands.verify !== undefined || job.commands.activate !== undefined) await requireInPlace(session);
}

function noSpace(job: SshJob, freeBytes: number): PushrodError {
  const where = posix.dirname(job.remotePath);
  return new PushrodError(
    'NO_SPACE',
    `${where} has ${formatBytes(freeBytes)} free of the ${formatBytes(job.firmware.sizeBytes)} needed.`,
  );
}
