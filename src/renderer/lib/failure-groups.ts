import type { ErrorCode } from '../../shared/errors.ts';
import { type DeviceUpdate, hasFailed } from '../../shared/model/index.ts';

/** Devices of an update that failed for one cause. */
export interface FailureGroup {
  code: ErrorCode;
  /** What they did, after their number: `3 devices refused the login`. */
  words: string;
  hint: string;
  devices: DeviceUpdate[];
  /** What on this page mends it: another login, a look at their keys, or only another try. */
  fix: 'login' | 'hostKey' | 'again';
}

const words: Partial<Record<ErrorCode, string>> = {
  HOST_KEY_UNKNOWN: 'showed a host key that nobody has trusted',
  HOST_KEY_CHANGED: 'showed another host key than before',
  HOST_KEY_REVOKED: 'showed a host key that is revoked',
  ALGORITHMS_REFUSED: 'spoke no algorithm that is allowed',
  CERTIFICATE_INVALID: 'had a certificate that cannot be trusted',
  CREDENTIAL_NOT_FOUND: 'had no login to use',
  SECRET_UNREADABLE: 'had a login that can no longer be read',
  AUTH_FAILED: 'refused the login',
  UNREACHABLE: 'could not be reached',
  TIMEOUT: 'took too long',
  CONNECTION_LOST: 'lost the connection',
  NO_SPACE: 'had no space left',
  PERMISSION_DENIED: 'did not let the file be written',
  CHECKSUM_MISMATCH: 'held other bytes than were sent',
  PREFLIGHT_FAILED: 'failed the preflight command',
  VERIFY_FAILED: 'failed the verify command',
  ACTIVATE_FAILED: 'failed the activate command',
  VERSION_NOT_CONFIRMED: 'did not come back with the new version',
  ACTIVATION_UNKNOWN: 'were being activated when Pushrod stopped',
  DEVICE_ERROR: 'refused a step',
};

const fixes: Partial<Record<ErrorCode, FailureGroup['fix']>> = {
  AUTH_FAILED: 'login',
  CREDENTIAL_NOT_FOUND: 'login',
  SECRET_UNREADABLE: 'login',
  HOST_KEY_UNKNOWN: 'hostKey',
  HOST_KEY_CHANGED: 'hostKey',
};

/** The failed devices by their cause, the most common one first. */
export function failureGroups(devices: readonly DeviceUpdate[]): FailureGroup[] {
  const byCode = Map.groupBy(devices.filter(hasFailed), ({ errorCode }) => errorCode ?? 'INTERNAL');
  return [...byCode]
    .map(([code, found]) => ({
      ...{ code, devices: found, hint: found[0]?.hint ?? '', fix: fixes[code] ?? 'again' },
      words: words[code] ?? `failed: ${code.toLowerCase().replaceAll('_', ' ')}`,
    }))
    .sort((a, b) => b.devices.length - a.devices.length);
}
