import { PushrodError } from '../../../shared/errors.ts';
import type { SshJob } from '../delivery.ts';
import type { SshConnection } from './connection.ts';
import { canExec } from './exec.ts';
import { execFiles } from './exec-files.ts';
import type { RemoteFiles } from './remote-files.ts';
import { openSftp, type Sftp } from './sftp.ts';
import { whenFree } from './with-session.ts';
import { yieldingFiles } from './yielding-files.ts';

/** Finds out how files are put on this device: over SFTP, or by its shell where it has no SFTP subsystem. */
export async function openFiles(connection: SshConnection, job: SshJob): Promise<RemoteFiles> {
  const sftp = job.method === 'exec' ? undefined : await sftpWhereOffered(connection, job);
  if (sftp) return yieldingFiles(connection, sftp, job);
  if (job.method === 'sftp') {
    throw new PushrodError('DEVICE_ERROR', 'The device offers no SFTP subsystem, and the profile has method "sftp".');
  }
  if (await canExec(connection, job.timeouts.commandMs)) return execFiles(connection, job);
  const lacks = job.method === 'exec' ? 'runs no commands' : 'offers no SFTP subsystem and runs no commands';
  throw new PushrodError('DEVICE_ERROR', `The device ${lacks}, so there is no way to put a file on it.`);
}

/** A server says that it has no subsystem, or starts a program that is not there; the connection goes on either way. */
async function sftpWhereOffered(connection: SshConnection, job: SshJob): Promise<Sftp | undefined> {
  try {
    // The session of a command before it may not be cleared away yet.
    return await whenFree(() => openSftp(connection, job.timeouts.commandMs, job.timeouts.transferMs));
  } catch (thrown) {
    if (thrown instanceof PushrodError) throw thrown;
    return undefined;
  }
}
