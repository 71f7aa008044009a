import { randomBytes } from 'node:crypto';
import { PushrodError } from '../../../shared/errors.ts';
import { activates } from '../activates.ts';
import { cancelled } from '../cancelled.ts';
import { type Before, confirm, unseen } from '../confirm.ts';
import type { DeliveryObserver, RolledBack, SshJob } from '../delivery.ts';
import { sumUp } from '../sum-up.ts';
import { unreadable } from '../unreadable.ts';
import { activateAll } from './activate.ts';
import { requireSuccess, runCommand } from './command.ts';
import type { SshConnection } from './connection.ts';
import { canExec } from './exec.ts';
import { openConnection } from './open-connection.ts';
import { openFiles } from './open-files.ts';
import { partNamesOf } from './part-names.ts';
import { place } from './place.ts';
import { isInPlace, requireInPlace } from './put-in-place.ts';
import { canRollBack, rollBack } from './roll-back.ts';
import { makeRoom } from './room.ts';
import { askRunning, visit } from './running.ts';
import type { Session } from './session.ts';

/** Brings an update to one device over SSH (DESIGN 6), in this thread. */
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
      await confirm(job.confirmation, before, (until) => visit(job, observer, until), signal);
    }
    return undefined;
  } catch (thrown) {
    if (signal.aborted) throw cancelled();
    if (!canRollBack(job, thrown)) throw nameFailure(thrown);
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
    const sessions = await placeAll(connection, job, observer);
    await verifyAll(sessions, observer);
    if (!activates(job)) return undefined;
    await observer.entering('activating');
    return { ...running, hasGone: await activateAll(sessions, observer) };
  } finally {
    connection.close();
  }
}

/** Brings all files to their final paths. */
async function placeAll(connection: SshConnection, job: SshJob, observer: DeliveryObserver): Promise<Session[]> {
  const files = await openFiles(connection, job);
  const summing = sumUp(observer);
  const sessions: Session[] = [];
  for (const file of job.files) {
    const names = partNamesOf(file, randomBytes(2).toString('hex'));
    const session = { job: { ...job, ...file }, connection, files, names };
    if (job.mayBeInPlace && (await isInPlace(session))) await tellInPlace(session, summing);
    else await place(session, await makeRoom(session), summing);
    summing.next();
    sessions.push(session);
  }
  return sessions;
}

async function tellInPlace({ job, files }: Session, observer: DeliveryObserver): Promise<void> {
  const { method } = files;
  await observer.entering('transferring', { method, resumedFrom: job.firmware.sizeBytes, unchangedBytes: 0 });
  await observer.entering('verifying');
}

const hasCommands = (job: SshJob) =>
  activates(job) ||
  job.files.some(({ verifyCommand }) => verifyCommand !== undefined) ||
  Object.values(job.commands).some((command) => command !== undefined);

async function requireCommands(connection: SshConnection, job: SshJob): Promise<void> {
  if (!hasCommands(job) || (await canExec(connection, job.timeouts.commandMs))) return;
  const message = 'The device runs no commands (its account may be for SFTP only), but the profile has some.';
  throw new PushrodError('DEVICE_ERROR', message);
}

/** Commands of the device may have taken their time: what lies at the final paths is looked at once more after them. */
async function verifyAll(sessions: readonly Session[], observer: DeliveryObserver): Promise<void> {
  for (const { connection, job } of sessions) {
    if (job.verifyCommand === undefined) continue;
    requireSuccess(await runCommand(connection, job, job.verifyCommand, observer), 'VERIFY_FAILED');
  }
  for (const session of sessions) {
    const { verifyCommand, activateCommand } = session.job;
    if (verifyCommand !== undefined || activateCommand !== undefined) await requireInPlace(session);
  }
}

/** All that a device does badly has a name by now: what is left is a file of this laptop that cannot be read. */
function nameFailure(thrown: unknown): unknown {
  const { syscall } = thrown as NodeJS.ErrnoException;
  const isReading = syscall === 'open' || syscall === 'read';
  return isReading && !(thrown instanceof PushrodError) ? unreadable(thrown) : thrown;
}
