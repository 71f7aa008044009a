import { type ErrorCode, PushrodError } from '../../../shared/errors.ts';
import { deviceText } from '../device-text.ts';
import type { Handshake } from './handshake.ts';

const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
]);

/** SFTP status codes (draft-ietf-secsh-filexfer-02, 7). */
export const sftpStatus = { ok: 0, eof: 1, noSuchFile: 2, permissionDenied: 3, failure: 4, opUnsupported: 8 } as const;

/** An error as ssh2 gives it: `level` for the connection's, a numeric `code` for SFTP's. */
export interface Ssh2Error extends Error {
  level?: string;
  code?: string | number;
}

/** How far a connection came that has no user yet. */
interface Entering {
  handshake: Handshake;
  isLegacy: boolean;
}

/** Names a failure of the TCP connection or the SSH session; without an error, the host closed it. */
export function connectionFailure(error: Ssh2Error | undefined, at: string, entering?: Entering): PushrodError {
  const because = (code: ConstructorParameters<typeof PushrodError>[0], message: string) =>
    new PushrodError(code, message, [], { cause: error });
  if (!error) return because('CONNECTION_LOST', `${at} closed the connection.`);
  if (error.level === 'client-timeout') {
    return because('TIMEOUT', `${at} gives no sign of life (${deviceText(error.message)}).`);
  }
  if (entering && error.level === 'handshake' && /no matching/i.test(error.message)) {
    return because('ALGORITHMS_REFUSED', nothingInCommon(at, entering));
  }
  // What a connection meets that has been open is a loss, whatever its name.
  if (!error.level && typeof error.code === 'string' && unreachable.has(error.code)) {
    return because('UNREACHABLE', `${at} cannot be reached (${error.code}).`);
  }
  if (error.level === 'client-socket' || typeof error.code === 'string') {
    return because('CONNECTION_LOST', `${at}: the connection was lost (${deviceText(error.message)}).`);
  }
  return because('DEVICE_ERROR', `${at}: the SSH session failed: ${deviceText(error.message)}.`);
}

function nothingInCommon(at: string, { handshake: { lastOffer }, isLegacy }: Entering): string {
  const { kind = 'algorithm', algorithms = '' } = lastOffer ?? {};
  const offers = algorithms === '' ? '' : `: it offers only ${deviceText(algorithms)}`;
  return `${at} has no ${kind} that Pushrod takes${isLegacy ? ', even of the old ones' : ''}${offers}.`;
}

/** Names what happened to a connection that was ended before the host said that it speaks SSH. */
export function turnedAway(at: string, greeting: string, error?: Ssh2Error): PushrodError {
  const [said = ''] = greeting.split(/\r?\n/);
  const likely = 'there may be too many logins at once (MaxStartups), or a rule that keeps this laptop out';
  const why = said === '' ? likely : `it said "${deviceText(said)}"`;
  const message = `${at} closed the connection before it said that it speaks SSH: ${why}.`;
  return new PushrodError('CONNECTION_LOST', message, [], { cause: error });
}

/** What the shell and its tools say, in the words of strerror(3) and of the shells (dash, BusyBox ash, bash, ksh). */
const shellFailures: [RegExp, ConstructorParameters<typeof PushrodError>[0]][] = [
  [/no space left|disk quota exceeded|disk full/i, 'NO_SPACE'],
  [/permission denied|operation not permitted|read-only file system/i, 'PERMISSION_DENIED'],
  [/no such file|nonexistent|not a directory|is a directory|file exists/i, 'REMOTE_PATH_INVALID'],
];

/** Names a failure of one command on the device. */
export function commandFailure(
  { exitCode, stderr }: { exitCode: number | null; stderr: string },
  doing: string,
): PushrodError {
  const [, code = 'DEVICE_ERROR'] = shellFailures.find(([words]) => words.test(stderr)) ?? [];
  const ended = exitCode === null ? 'a signal ended the command' : `exit code ${exitCode}`;
  return new PushrodError(code, `The device could not ${doing}: ${deviceText(stderr) || ended}.`);
}

/** Names a failure of one request on the device. */
export function requestFailure(thrown: unknown, doing: string): PushrodError {
  if (thrown instanceof PushrodError) return thrown;
  const error = thrown as Ssh2Error;
  const because = (code: ConstructorParameters<typeof PushrodError>[0], why: string) =>
    new PushrodError(code, `The device could not ${doing}: ${why}.`, [], { cause: thrown });
  switch (error.code) {
    case sftpStatus.permissionDenied:
      return because('PERMISSION_DENIED', 'permission denied');
    case sftpStatus.noSuchFile:
      return because('REMOTE_PATH_INVALID', 'no such file or directory');
    default:
      return because('DEVICE_ERROR', deviceText(error.message));
  }
}

/** With these the connection goes on, and a plainer way to bring the file may do better. */
const doubts = new Set<ErrorCode>([
  ...(['CHECKSUM_MISMATCH', 'DEVICE_ERROR', 'NO_SPACE', 'PERMISSION_DENIED', 'REMOTE_PATH_INVALID'] as const),
]);

/** Whether a way to bring the file failed by itself, so that another may be tried over the same connection. */
export function leavesOtherWays(thrown: unknown): boolean {
  return thrown instanceof PushrodError && doubts.has(thrown.code);
}

/** For what can be done without: only what ends all other ways as well goes on as a failure. */
export function undefinedInDoubt(thrown: unknown): undefined {
  if (!leavesOtherWays(thrown)) throw thrown;
}
