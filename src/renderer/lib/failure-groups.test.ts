import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import type { DeviceUpdate } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { failureGroups } from './failure-groups.ts';

const failed = (errorCode: ErrorCode | null, state = 'failed') =>
  ({ state, errorCode, hint: `hint of ${errorCode}` }) as DeviceUpdate;

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

  it('is said as a sentence, by its code where there are no better words', () => {
    const { sentence } = t().updates.causes;
    expect(sentence('AUTH_FAILED', 2)).toBe('2 devices refused the login.');
    expect(sentence('NO_SPACE', 1)).toBe('1 device had no space left.');
    expect(sentence('DATABASE_DAMAGED', 1)).toBe('1 device failed: database damaged.');
  });
});
