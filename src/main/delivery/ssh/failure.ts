import { PushrodError } from '../../../shared/errors.ts';
import { deviceText } from '../device-text.ts';

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
export const sftpStatus = { eof: 1, noSuchFile: 2, permissionDenied: 3, failure: 4, opUnsupported: 8 } as const;

/** An error as ssh2 gives it: `level` for the connection's, a numeric `code` for SFTP's. */
export interface Ssh2Error extends Error {
  level?: string;
  code?: string | number;
}

/** Names a failure of the TCP connection or the SSH session. */
export function connectionFailure(error: Ssh2Error, at: string, isReady: boolean): PushrodError {
  const because = (code: ConstructorParameters<typeof PushrodError>[0], message: string) =>
    new PushrodError(code, message, [], { cause: error });
  if (error.level === 'client-authentication') return because('AUTH_FAILED', `${at} refused the login.`);
  if (error.level === 'client-timeout')
    return because('TIMEOUT', `${at} did not answer in time (${deviceText(error.message)}).`);
  if (!isReady && typeof error.code === 'string' && unreachable.has(error.code)) {
    return because('UNREACHABLE', `${at} cannot be reached (${error.code}).`);
  }
  if (error.level === 'client-socket' || typeof error.code === 'string') {
    return because('CONNECTION_LOST', `The connection to ${at} was lost (${deviceText(error.message)}).`);
  }
  return because('DEVICE_ERROR', `The SSH session with ${at} failed: ${deviceText(error.message)}.`);
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
