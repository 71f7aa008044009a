import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes } from '../../shared/errors.ts';
import type { DeviceUpdate } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { failureGroups, fixOf } from './failure-groups.ts';

const failed = (errorCode: ErrorCode | null, state = 'failed') =>
  ({ state, errorCode, hint: `hint of ${errorCode}` }) as DeviceUpdate;

/** Of the others, some end a call before any device is begun, and some only skip a device. */
const elsewhere: readonly ErrorCode[] = [
  ...(['INVALID_INPUT', 'DEVICE_NOT_FOUND', 'UPDATE_NOT_FOUND', 'SLOT_NOT_FOUND', 'SITE_NOT_FOUND'] as const),
  ...(['SCHEDULE_NOT_FOUND', 'SIGNER_NOT_FOUND', 'CONFLICT', 'DATA_FOLDER_IN_USE', 'DATA_FOLDER_TOO_NEW'] as const),
  ...(['DATABASE_DAMAGED', 'REGISTRY_UNREACHABLE', 'UNAUTHORIZED', 'FORBIDDEN', 'ALREADY_CURRENT'] as const),
  ...(['DOWNGRADE_REFUSED', 'WINDOW_CLOSED', 'CANCELLED'] as const),
];
const canEndDevice = (code: ErrorCode) => !elsewhere.includes(code);

describe('what failed', () => {
  it('is grouped by its cause, the most common first, with the way to mend it', () => {
    const groups = failureGroups([
      failed('HOST_KEY_CHANGED'),
      failed('AUTH_FAILED'),
      failed('AUTH_FAILED', 'rolledBack'),
      failed('MODEL_MISMATCH', 'skipped'),
    ]);
    expect(groups.map(({ code, devices, fix, hint }) => [devices.length, code, fix, hint])).toEqual([
      [2, 'AUTH_FAILED', 'login', 'hint of AUTH_FAILED'],
      [1, 'HOST_KEY_CHANGED', 'hostKey', 'hint of HOST_KEY_CHANGED'],
    ]);
  });

  it.each([
    [['AUTH_FAILED', 'CREDENTIAL_NOT_FOUND', 'SECRET_UNREADABLE'], 'login'],
    [['HOST_KEY_UNKNOWN', 'HOST_KEY_CHANGED'], 'hostKey'],
    [['HOST_KEY_REVOKED'], 'settings'],
    [['PREFLIGHT_FAILED', 'VERIFY_FAILED', 'ACTIVATE_FAILED', 'VERSION_NOT_CONFIRMED'], 'output'],
    [['MODEL_MISMATCH', 'UNREACHABLE'], 'device'],
    [['PERMISSION_DENIED', 'REMOTE_PATH_INVALID', 'ATTRIBUTES_REFUSED', 'ALGORITHMS_REFUSED'], 'profile'],
    [['FORWARDING_REFUSED', 'CERTIFICATE_INVALID', 'REQUEST_REFUSED', 'PROFILE_NOT_FOUND'], 'profile'],
    [['SIGNATURE_INVALID', 'FIRMWARE_NOT_FOUND'], 'firmware'],
    [['NO_SPACE', 'TIMEOUT', 'CONNECTION_LOST', 'CHECKSUM_MISMATCH', 'DEVICE_ERROR'], 'again'],
    [['ACTIVATION_UNKNOWN', 'LEASE_LOST', 'LEASED_ELSEWHERE', 'STORAGE_FAILED', 'WORKER_CRASHED', 'INTERNAL'], 'again'],
  ] as [ErrorCode[], string][])('leads from %j to %s', (codes, fix) =>
    expect(codes.map(fixOf)).toEqual(codes.map(() => fix)),
  );

  it('is said in words of its own for each code that a device can fail with', () => {
    for (const code of errorCodes.filter(canEndDevice)) {
      expect(t().updates.causes.sentence(code, 1), code).not.toContain('failed:');
    }
  });

  it('is said as a sentence, by its code where there are no better words', () => {
    const { sentence } = t().updates.causes;
    expect(sentence('AUTH_FAILED', 2)).toBe('2 devices refused the login.');
    expect(sentence('NO_SPACE', 1)).toBe('1 device had no space left.');
    expect(sentence('DATABASE_DAMAGED', 1)).toBe('1 device failed: database damaged.');
  });
});
