import type { Running } from '../confirm.ts';
import type { DeliveryObserver, SshJob } from '../delivery.ts';
import type { SshConnection } from './connection.ts';
import { execWherePossible } from './exec.ts';

const bootIdFile = '/proc/sys/kernel/random/boot_id';
const longestVersion = 200;
/** A device that has not said by then what it runs does not say it. */
const longestAnswerMs = 30_000;

/** Asks a device what it runs. What it does not tell is left out. */
export async function askRunning(
  connection: SshConnection,
  { commands, confirmation, timeouts }: SshJob,
  observer: Pick<DeliveryObserver, 'foundVersion'>,
): Promise<Running> {
  const printed = async (command: string) => {
    const patienceMs = Math.min(longestAnswerMs, timeouts.commandMs);
    const result = await execWherePossible(connection, command, timeouts.commandMs + patienceMs, { patienceMs });
    return result?.exitCode === 0 ? result.stdout : undefined;
  };
  const told = commands.version && (await printed(commands.version.command));
  const version = told === undefined ? undefined : versionIn(told, commands.version?.pattern);
  if (version !== undefined) observer.foundVersion(version);
  const bootId = confirmation?.rebootExpected ? (await printed(`cat ${bootIdFile}`))?.trim() : undefined;
  return { version, bootId: bootId || undefined };
}

/** The version in what a command printed: the pattern's first group or whole match; without a pattern the first line. */
export function versionIn(printed: string, pattern: string | undefined): string | undefined {
  const [first = ''] = printed.trim().split('\n');
  const match = pattern === undefined ? undefined : new RegExp(pattern, 'm').exec(printed);
  const found = pattern === undefined ? first : (match?.[1] ?? match?.[0] ?? '');
  return (
    found
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, longestVersion) || undefined
  );
}
