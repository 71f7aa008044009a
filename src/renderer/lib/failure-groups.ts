import type { ErrorCode } from '../../shared/errors.ts';
import { type DeviceUpdate, hasFailed } from '../../shared/model/index.ts';

/**
 * What on this page leads to where it is mended: another login, a look at their keys, the output of a command, the entries
 * of the devices, their profile, the library with its signers, the host keys among the settings; or only another try.
 */
export type Fix = 'login' | 'hostKey' | 'output' | 'device' | 'profile' | 'firmware' | 'settings' | 'again';

/** Devices of an update that failed for one cause. */
export interface FailureGroup {
  code: ErrorCode;
  hint: string;
  devices: DeviceUpdate[];
  fix: Fix;
}

const fixes: Partial<Record<ErrorCode, Fix>> = {
  AUTH_FAILED: 'login',
  CREDENTIAL_NOT_FOUND: 'login',
  SECRET_UNREADABLE: 'login',
  HOST_KEY_UNKNOWN: 'hostKey',
  HOST_KEY_CHANGED: 'hostKey',
  HOST_KEY_REVOKED: 'settings',
  ALGORITHMS_REFUSED: 'profile',
  FORWARDING_REFUSED: 'profile',
  CERTIFICATE_INVALID: 'profile',
  PERMISSION_DENIED: 'profile',
  REMOTE_PATH_INVALID: 'profile',
  ATTRIBUTES_REFUSED: 'profile',
  REQUEST_REFUSED: 'profile',
  PROFILE_NOT_FOUND: 'profile',
  UNREACHABLE: 'device',
  MODEL_MISMATCH: 'device',
  FIRMWARE_NOT_FOUND: 'firmware',
  SIGNATURE_INVALID: 'firmware',
  PREFLIGHT_FAILED: 'output',
  VERIFY_FAILED: 'output',
  ACTIVATE_FAILED: 'output',
  VERSION_NOT_CONFIRMED: 'output',
};

export const fixOf = (code: ErrorCode): Fix => fixes[code] ?? 'again';

/** The failed devices by their cause, the most common one first. */
export function failureGroups(devices: readonly DeviceUpdate[]): FailureGroup[] {
  const byCode = Map.groupBy(devices.filter(hasFailed), ({ errorCode }) => errorCode ?? 'INTERNAL');
  return [...byCode]
    .map(([code, found]) => ({
      ...{ code, devices: found, hint: found[0]?.hint ?? '', fix: fixOf(code) },
    }))
    .sort((a, b) => b.devices.length - a.devices.length);
}
