import type { Running } from '../confirm.ts';
import type { SshVisit, VisitObserver } from '../delivery.ts';
import { versionIn } from '../version-in.ts';
import type { SshConnection } from './connection.ts';
import { execWherePossible } from './exec.ts';
import { openConnection } from './open-connection.ts';

const bootIdFile = '/proc/sys/kernel/random/boot_id';
/** A device that has not said by then what it runs does not say it. */
const longestAnswerMs = 30_000;

/** Asks a device what it runs. What it does not tell is left out. */
export async function askRunning(
  connection: SshConnection,
  { commands, confirmation, timeouts }: Pick<SshVisit, 'commands' | 'confirmation' | 'timeouts'>,
  observer: Pick<VisitObserver, 'foundVersion'>,
): Promise<Running> {
  const printed = async (command: string) => {
    const patienceMs = Math.min(longestAnswerMs, timeouts.commandMs);
    const result = await execWherePossible(connection, command, timeouts.commandMs + patienceMs, { patienceMs });
    return result?.exitCode === 0 ? result.stdout : undefined;
  };
  const told = commands.version && (await printed(commands.version.command));
  const version = told === undefined ? undefined : versionIn(told, commands.version?.pattern, firstLine);
  if (version !== undefined) observer.foundVersion(version);
  const bootId = confirmation?.rebootExpected ? (await printed(`cat ${bootIdFile}`))?.trim() : undefined;
  return { version, bootId: bootId || undefined };
}

/** The same over a new connection, which alone says that the device is there. */
export async function visit(host: SshVisit, observer: VisitObserver, signal: AbortSignal): Promise<Running> {
  const connection = await openConnection(host, observer.decideHostKey, signal);
  try {
    return await askRunning(connection, host, observer);
  } finally {
    connection.close();
  }
}

const firstLine = (printed: string) => printed.split('\n')[0] ?? '';
