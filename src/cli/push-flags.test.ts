import { expect, it } from 'vitest';
import { pushRequest } from '../shared/model/index.ts';
import { pushSettingsOf } from './push-flags.ts';

it('reads how a push is carried out', () => {
  expect(
    pushSettingsOf({
      ...{ concurrency: '8', retries: '2', rateLimit: '20M', timeout: '30m', maxFailures: '10%' },
      ...{ phases: '5, 50%,100%', phaseSuccess: '95%', phaseWait: 'PT1H', approvePhases: true, order: 'random' },
      ...{ onConnect: true, patience: '3d', start: '2026-11-26T02:00:00+01:00', force: true },
    }),
  ).toEqual({
    ...{ concurrency: 8, retries: 2, rateLimitBytesPerSecond: 20 * 1024 ** 2, deviceTimeoutMs: 1_800_000 },
    ...{ maxFailures: { percent: 10 }, onConnect: true, patienceMs: 259_200_000, force: true },
    startAt: '2026-11-26T02:00:00+01:00',
    rollout: {
      phases: [{ upTo: { devices: 5 } }, { upTo: { percent: 50 } }, { upTo: { percent: 100 } }],
      ...{ successPercent: 95, waitMs: 3_600_000, needsApproval: true, order: 'random' },
    },
  });
  expect(pushSettingsOf({})).toEqual({});
});

it.each([
  [{ phases: '10%,half' }, 'phases', '"half" is neither a number of devices nor a percentage; write 4 or 25%'],
  [{ phases: '101%' }, 'phases', '"101%" is neither'],
  [{ maxFailures: '1.5' }, 'max-failures', '"1.5" is neither'],
  [{ phases: '100%', phaseSuccess: 'most' }, 'phase-success', '"most" is not a percentage'],
  [{ timeout: '30' }, 'timeout', '"30" is not a duration'],
  [{ phaseWait: '1h' }, 'phase-wait', 'it is about phases: say which with --phases 10%,50%,100%'],
  [{ approvePhases: true }, 'approve-phases', 'it is about phases'],
])('says what is wrong with %j', (flags, field, message) => {
  expect(() => pushSettingsOf(flags)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', details: [{ field, message: expect.stringContaining(message) }] }),
  );
});

it.each([
  ['10%,50%', 'the last phase has to reach all devices: end with 100%'],
  ['50%,50%,100%', 'has to reach further than the one before'],
  ['10', 'the last phase has to reach all devices: end with 100%'],
])('leaves it to the contract to refuse the phases %s', (phases, message) => {
  const given = { firmware: 'a'.repeat(64), selection: { all: true }, ...pushSettingsOf({ phases }) };
  const { error } = pushRequest.safeParse(given);
  expect(error?.issues.map((issue) => issue.message)).toContain(message);
});
