import { shellQuote } from '../../../shared/shell-quote.ts';
import type { SshJob } from '../delivery.ts';
import type { SshConnection } from './connection.ts';
import { exec } from './exec.ts';
import { commandFailure } from './failure.ts';

/** Sets the owner of a file by the device's own tool, which knows its users by name. */
export async function chown(connection: SshConnection, job: SshJob, path: string, owner: string): Promise<void> {
  const command = `LC_ALL=C chown -- ${shellQuote(owner)} ${shellQuote(path)}`;
  const result = await exec(connection, command, job.timeouts.commandMs);
  if (result.exitCode !== 0) throw commandFailure(result, 'set the owner');
}
