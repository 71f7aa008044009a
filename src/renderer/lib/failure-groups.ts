import type { ErrorCode } from '../../shared/errors.ts';
import { type DeviceUpdate, hasFailed } from '../../shared/model/index.ts';

/** Devices of an update that failed for one cause. */
export interface FailureGroup {
  code: ErrorCode;
  hint: string;
  devices: DeviceUpdate[];
  /** What on this page mends it: another login, a look at their keys, or only another try. */
  fix: 'login' | 'hostKey' | 'again';
}

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
    }))
    .sort((a, b) => b.devices.length - a.devices.length);
}
