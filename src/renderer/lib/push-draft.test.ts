import { describe, expect, it } from 'vitest';
import { newPushDraft, type PushDraft, strategyOf } from './push-draft.ts';

const of = (changes: Partial<PushDraft>) => strategyOf({ ...newPushDraft('UTC'), ...changes }, 'UTC');
const plain = { concurrency: 32, retries: 0, stageOnly: false, allowDowngrade: false, force: false };

describe('the sheet of a push', () => {
  it('means all devices at once where nothing else was chosen', () => expect(of({})).toEqual(plain));

  it('keeps numbers that are emptied as what the core would take', () =>
    expect(of({ concurrency: null, retries: null })).toEqual(plain));

  it('begins at a time by the clock here', () => {
    expect(of({ when: 'later', startAt: '2026-12-01T02:30' })).toMatchObject({
      startAt: new Date('2026-12-01T02:30').toISOString(),
    });
    expect(of({ when: 'later' })).toMatchObject({ part: 'startAt' });
  });

  it('opens windows as a schedule does, and says what they still need', () => {
    const { window } = newPushDraft('UTC');
    expect(of({ when: 'window' })).toMatchObject({ windows: [{ start: '0 2 * * *', tz: 'UTC', end: '04:00' }] });
    expect(of({ when: 'window', window: { ...window, endAt: '' } })).toMatchObject({ part: 'end' });
  });

  it('waits for each device, with patience or without end', () => {
    expect(of({ when: 'seen' })).toEqual({ ...plain, onConnect: true });
    expect(of({ when: 'seen', patienceHours: 1.5 })).toMatchObject({ patienceMs: 5_400_000 });
  });

  it('reads phases in devices and per cent, and says which part it could not read', () => {
    expect(of({ inPhases: true, phases: '1, 25 %;100%', waitMinutes: 5, needsApproval: true })).toMatchObject({
      rollout: {
        phases: [{ upTo: { devices: 1 } }, { upTo: { percent: 25 } }, { upTo: { percent: 100 } }],
        waitMs: 300_000,
        successPercent: 100,
        needsApproval: true,
      },
    });
    for (const [phases, said] of [
      ['10 %, half, 100 %', '"half"'],
      ['10 %,, 100 %', 'Something is missing'],
      ['101 %', '"101 %"'],
      ['', 'Something is missing'],
    ] as const) {
      expect(of({ inPhases: true, phases })).toMatchObject({
        part: 'phases',
        message: expect.stringContaining(said),
      });
    }
    expect(of({ phases: 'half' })).toEqual(plain);
  });

  it('turns limits into what the core counts in', () => {
    expect(of({ rateMib: 1.5, timeoutMinutes: 30, maxFailures: '10 %', stageOnly: true })).toMatchObject({
      rateLimitBytesPerSecond: 1_572_864,
      deviceTimeoutMs: 1_800_000,
      maxFailures: { percent: 10 },
      stageOnly: true,
    });
    expect(of({ maxFailures: 'a few' })).toMatchObject({ part: 'maxFailures' });
  });
});
