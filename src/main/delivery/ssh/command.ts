import { PushrodError } from '../../../shared/errors.ts';
import type { DeliveryObserver, Ran, SshJob } from '../delivery.ts';
import { deviceText } from '../device-text.ts';
import { redact } from '../redact.ts';
import type { SshConnection } from './connection.ts';
import { type ExecResult, exec } from './exec.ts';

/** Runs a command of the profile and has what it said kept. */
export async function runCommand(
  connection: SshConnection,
  { logins, via, timeouts }: Pick<SshJob, 'logins' | 'via' | 'timeouts'>,
  command: string,
  observer: Pick<DeliveryObserver, 'ran'>,
): Promise<Ran> {
  const result = await exec(connection, command, timeouts.commandMs);
  const all = [...logins, ...via.flatMap((hop) => hop.logins)];
  const ran = {
    command: redact(all, command),
    exitCode: result.exitCode,
    output: redact(all, outputOf(result)),
  };
  observer.ran(ran);
  return ran;
}

/** @throws PushrodError `code` when the command did not end with success */
export function requireSuccess(
  { command, exitCode, output }: Ran,
  code: 'PREFLIGHT_FAILED' | 'VERIFY_FAILED' | 'ACTIVATE_FAILED' | 'DEVICE_ERROR',
): void {
  if (exitCode === 0) return;
  const ended = exitCode === null ? 'was ended by a signal' : `ended with exit code ${exitCode}`;
  const why = deviceText(output.slice(-500));
  throw new PushrodError(code, `The command "${command}" ${ended}${why ? `: ${why}` : ''}.`);
}

/** What a command printed, its errors last: they say why it failed. */
function outputOf({ stdout, stderr }: ExecResult): string {
  return [stdout, stderr]
    .map((text) => text.trimEnd())
    .filter((text) => text !== '')
    .join('\n');
}
