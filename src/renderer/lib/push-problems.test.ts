import { describe, expect, it } from 'vitest';
import { isSaidInSheet, pushPartOf, pushProblemsOf } from './push-problems.ts';

const failure = (...details: { field?: string; message: string }[]) => ({
  code: 'INVALID_INPUT' as const,
  message: '',
  hint: '',
  details,
});

describe('what the core says of a push', () => {
  it.each([
    ['concurrency', 'concurrency'],
    ['push.concurrency', 'concurrency'],
    ['push.rollout.phases.2', 'phases'],
    ['rollout.successPercent', 'success'],
    ['push.rollout.waitMs', 'wait'],
    ['push.rateLimitBytesPerSecond', 'rate'],
    ['push.maxFailures.devices', 'maxFailures'],
    ['push.deviceTimeoutMs', 'timeout'],
    ['patienceMs', 'patience'],
    ['push.windows', 'zone'],
    ['windows.0.cutoffMs', 'cutoff'],
    ['selection', undefined],
    [undefined, undefined],
  ])('about %s belongs to %s', (field, part) =>
    expect(pushPartOf({ message: '', ...(field !== undefined && { field }) })).toBe(part),
  );

  it('is said at its part, all of it', () =>
    expect(
      pushProblemsOf(failure({ field: 'retries', message: 'too few' }, { field: 'retries', message: 'not whole' })),
    ).toEqual({ retries: 'too few; not whole' }));

  it('is said below where it belongs to no part', () => {
    expect(isSaidInSheet(failure({ field: 'selection', message: 'none' }))).toBe(false);
    expect(isSaidInSheet(failure())).toBe(false);
    expect(isSaidInSheet(failure({ field: 'retries', message: 'too few' }))).toBe(true);
  });
});
