import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import type { DeviceUpdate } from '../../shared/model/index.ts';
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
    expect(groups.map(({ words, devices, fix, hint }) => [devices.length, words, fix, hint])).toEqual([
      [2, 'refused the login', 'login', 'hint of AUTH_FAILED'],
      [1, 'showed another host key than before', 'hostKey', 'hint of HOST_KEY_CHANGED'],
    ]);
  });

  it('is named by its code where there are no better words', () =>
    expect(failureGroups([failed('WORKER_CRASHED'), failed(null)]).map(({ words }) => words)).toEqual([
      'failed: worker crashed',
      'failed: internal',
    ]));
});
