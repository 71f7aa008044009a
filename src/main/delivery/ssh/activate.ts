import { PushrodError, toPushrodError } from '../../../shared/errors.ts';
import type { DeliveryObserver, SshJob } from '../delivery.ts';
import { requireSuccess, runCommand } from './command.ts';
import type { SshConnection } from './connection.ts';
import { requireInPlace } from './put-in-place.ts';
import type { Session } from './session.ts';

/**
 * Exit codes of a command that a signal ended: the device's own word for it, or the shell's (128 and SIGHUP, SIGKILL or
 * SIGTERM), which lives a moment longer when init ends all processes for the reboot.
 */
const endedBySignal = new Set([null, 129, 137, 143]);

/**
 * Runs the activate command. Where the device can confirm what came of it, only its exit code is a failure: the reboot
 * it starts may end the connection or the command.
 * @returns whether the connection ended meanwhile
 */
export async function activate(
  connection: SshConnection,
  job: SshJob,
  command: string,
  observer: DeliveryObserver,
): Promise<boolean> {
  try {
    const ran = await runCommand(connection, job, command, observer);
    const isRebooting = job.confirmation?.rebootExpected && endedBySignal.has(ran.exitCode);
    if (!isRebooting) requireSuccess(ran, 'ACTIVATE_FAILED');
    return false;
  } catch (thrown) {
    const canConfirm = job.confirmation !== undefined && thrown instanceof PushrodError;
    if (!canConfirm || thrown.code === 'ACTIVATE_FAILED' || thrown.code === 'CANCELLED') throw thrown;
    return thrown.code === 'CONNECTION_LOST';
  }
}

/**
 * Activates the files in their order; a failure leaves those that follow alone.
 * @returns whether the connection ended during the last
 */
export async function activateAll(sessions: Session[], observer: DeliveryObserver): Promise<boolean> {
  let hasGone = false;
  for (const [index, session] of sessions.entries()) {
    const { connection, job } = session;
    if (job.activateCommand === undefined) continue;
    // The activation of another file took its time since this one was verified.
    if (index > 0) await requireStillInPlace(session);
    hasGone = await activate(connection, job, job.activateCommand, observer);
  }
  return hasGone;
}

async function requireStillInPlace(session: Session): Promise<void> {
  try {
    await requireInPlace(session);
  } catch (thrown) {
    const because = toPushrodError(thrown).message;
    throw new PushrodError('ACTIVATE_FAILED', `Not all files of the bundle were activated: ${because}`);
  }
}
