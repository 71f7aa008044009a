import { randomBytes } from 'node:crypto';
import { PushrodError } from '../../../shared/errors.ts';
import { type Before, confirm, unseen } from '../confirm.ts';
import type { DeliveryObserver, RolledBack, SshJob } from '../delivery.ts';
import { activate } from './activate.ts';
import { requireSuccess, runCommand } from './command.ts';
import { cancelled, type SshConnection } from './connection.ts';
import { canExec } from './exec.ts';
import { openConnection } from './open-connection.ts';
import { openFiles } from './open-files.ts';
import { partNamesOf } from './part-names.ts';
import { place } from './place.ts';
import { requireInPlace } from './put-in-place.ts';
import { canRollBack, reconnect, rollBack } from './roll-back.ts';
import { makeRoom } from './room.ts';
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
    await place(session, await makeRoom(session), observer);
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

/** Commands of the device may have taken their time: what lies at the final path is looked at once more. */
async function verify(session: Session, observer: DeliveryObserver): Promise<void> {
  const { connection, job } = session;
  if (job.commands.verify !== undefined) {
    requireSuccess(await runCommand(connection, job, job.commands.verify, observer), 'VERIFY_FAILED');
  }
  if (job.commands.verify !== undefined || job.commands.activate !== undefined) await requireInPlace(session);
}
