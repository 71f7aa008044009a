import { expect, it } from 'vitest';
import { askedWords } from './asked-words.ts';

const limits = {
  ...{ concurrency: 32, rateLimitBytesPerSecond: null, retries: 0 },
  ...{ deviceTimeoutMs: null, maxFailures: null },
};

it('says the limits of an update in words, with their units', () => {
  expect(askedWords({ limits, rollout: null })).toEqual([
    ['Devices at once', '32'],
    ['Rate', 'no limit'],
    ['Further tries', '0'],
    ['Time for a device', 'no limit'],
    ['Stops after failures', 'never'],
  ]);
  const tight = { ...limits, rateLimitBytesPerSecond: 2 * 1024 * 1024, deviceTimeoutMs: 300_000 };
  const said = askedWords({ limits: { ...tight, maxFailures: { percent: 10 } }, rollout: null }).map(([, one]) => one);
  expect(said).toEqual(['32', '2.0 MiB/s, all devices together', '0', '5:00', 'more than 10 %']);
});

it('says how it goes from phase to phase', () => {
  const rollout = {
    phases: [{ upTo: { devices: 1 } }, { upTo: { percent: 50 } }, { upTo: { percent: 100 } }],
    ...{ successPercent: 90, waitMs: 60_000, needsApproval: true, order: 'random' as const },
  };
  expect(askedWords({ limits: null, rollout })).toEqual([
    ['Phases', '1 device, then 50 %, then 100 %'],
    ['The next one begins', 'once 90 % of the last one succeeded, 1:00 have passed, and a person approved'],
    ['Order', 'at random'],
  ]);
});

it('says nothing of what an older Pushrod does not tell', () =>
  expect(askedWords({ limits: null, rollout: null })).toEqual([]));
