import { PushrodError } from '../../../shared/errors.ts';
import type { DeliveryObserver, SshJob } from '../delivery.ts';
import { requireSuccess, runCommand } from './command.ts';
import type { SshConnection } from './connection.ts';

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
    const isRebooting = ran.exitCode === null && job.confirmation?.rebootExpected;
    if (!isRebooting) requireSuccess(ran, 'ACTIVATE_FAILED');
    return false;
  } catch (thrown) {
    const canConfirm = job.confirmation !== undefined && thrown instanceof PushrodError;
    if (!canConfirm || thrown.code === 'ACTIVATE_FAILED' || thrown.code === 'CANCELLED') throw thrown;
    return thrown.code === 'CONNECTION_LOST';
  }
}
