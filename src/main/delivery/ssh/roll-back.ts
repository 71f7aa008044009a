import { PushrodError, toPushrodError } from '../../../shared/errors.ts';
import { confirm } from '../confirm.ts';
import type { DeliveryObserver, RolledBack, SshJob } from '../delivery.ts';
import { activate } from './activate.ts';
import { openConnection } from './open-connection.ts';
import { askRunning, visit } from './running.ts';

/** Failures that leave a device with firmware it should not run. */
const undone = new Set(['ACTIVATE_FAILED', 'VERSION_NOT_CONFIRMED']);

/** After a failure that left the device with the new firmware, or with none. */
export function canRollBack(job: SshJob, thrown: unknown): thrown is PushrodError {
  return job.commands.rollback !== undefined && thrown instanceof PushrodError && undone.has(thrown.code);
}

/**
 * Runs the rollback command, and waits until the device is back where it reboots for that. Rejects with `cause`, and
 * why the rollback failed, when it did.
 */
export async function rollBack(
  job: SshJob,
  cause: PushrodError,
  observer: DeliveryObserver,
  signal: AbortSignal,
): Promise<RolledBack> {
  await observer.entering('rollingBack');
  try {
    const connection = await openConnection(job, observer.decideHostKey, signal);
    try {
      const before = await askRunning(connection, job, observer);
      const hasGone = await activate(connection, job, job.commands.rollback ?? '', observer);
      if (job.confirmation?.rebootExpected) {
        connection.close();
        const wanted = { ...job.confirmation, version: undefined };
        await confirm(wanted, { ...before, hasGone }, (until) => visit(job, observer, until), signal);
      } else if (!hasGone) {
        await askRunning(connection, job, observer);
      }
      return { because: cause };
    } finally {
      connection.close();
    }
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const because = toPushrodError(thrown).message;
    throw new PushrodError(cause.code, `${cause.message} The rollback failed as well: ${because}`);
  }
}
