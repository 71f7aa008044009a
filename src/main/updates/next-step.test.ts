import { describe, expect, it } from 'vitest';
import { type Phase, rollout } from '../../shared/model/index.ts';
import { nextStep, type Progress } from './next-step.ts';
import { emptyTally, type Tally } from './tally.ts';

const phases: Phase[] = [{ upTo: { percent: 10 } }, { upTo: { percent: 100 } }];
const ofTwo = (given: object = {}) => rollout.parse({ phases, ...given });
const tally = (given: Partial<Tally>): Tally => ({ ...emptyTally(), ...given });
const at = (given: Partial<Progress>): Progress => ({
  ...{ request: {}, phase: 0, phaseEndedAtMs: 1_000, all: emptyTally(), ofPhase: emptyTally() },
  ...{ openSoFar: 0, underWay: 0, nowMs: 1_000, ...given },
});

describe('an update', () => {
  it('begins devices while some have not ended, then is completed', () => {
    expect(nextStep(at({ openSoFar: 1 }))).toEqual({ do: 'begin' });
    expect(nextStep(at({}))).toEqual({ do: 'end', state: 'completed', reason: null });
  });

  it('begins nothing more once too many have failed, and has failed when the last of them has ended', () => {
    const request = { maxFailures: { devices: 2 } };
    expect(nextStep(at({ request, openSoFar: 3, all: tally({ open: 3, failed: 2 }) }))).toEqual({ do: 'begin' });
    const past = at({ request, openSoFar: 3, all: tally({ open: 3, failed: 3 }), underWay: 1 });
    expect(nextStep(past)).toEqual({ do: 'finish' });
    expect(nextStep({ ...past, underWay: 0 })).toMatchObject({ do: 'end', state: 'failed' });
  });

  it('takes a percentage of failures from five devices on', () => {
    const request = { maxFailures: { percent: 50 } };
    expect(nextStep(at({ request, openSoFar: 1, all: tally({ failed: 4 }) }))).toEqual({ do: 'begin' });
    expect(nextStep(at({ request, openSoFar: 1, all: tally({ failed: 3, succeeded: 2 }) })).do).toBe('end');
    expect(nextStep(at({ request, openSoFar: 1, all: tally({ failed: 5, succeeded: 5 }) })).do).toBe('begin');
  });
});

describe('a phase', () => {
  it('is followed by the next, at once or after its wait', () => {
    const ofPhase = tally({ succeeded: 3 });
    expect(nextStep(at({ request: { rollout: ofTwo() }, ofPhase }))).toEqual({ do: 'advance' });
    const request = { rollout: ofTwo({ waitMs: 500 }) };
    expect(nextStep(at({ request, ofPhase, nowMs: 1_499 }))).toEqual({ do: 'wait', untilMs: 1_500 });
    expect(nextStep(at({ request, ofPhase, nowMs: 1_500 }))).toEqual({ do: 'advance' });
  });

  it('pauses the update below its rate, and says how far below', () => {
    const request = { rollout: ofTwo({ successPercent: 75 }) };
    expect(nextStep(at({ request, ofPhase: tally({ succeeded: 2, staged: 1, failed: 1 }) })).do).toBe('advance');
    expect(nextStep(at({ request, ofPhase: tally({ succeeded: 2, failed: 1 }) }))).toEqual({
      do: 'pause',
      reason: 'Phase 1 ended below its success rate: 2 of 3 devices succeeded, 75 % were required.',
    });
  });

  it('says nothing about the firmware when all of it was skipped', () => {
    expect(nextStep(at({ request: { rollout: ofTwo() } })).do).toBe('advance');
  });

  it('waits for a person where one has to approve, by its name', () => {
    const named = [{ name: 'Canaries', upTo: { devices: 1 } }, { upTo: { percent: 100 } }];
    const request = { rollout: ofTwo({ phases: named, needsApproval: true }) };
    const step = nextStep(at({ request, ofPhase: tally({ succeeded: 1 }) }));
    expect(step).toEqual({ do: 'pause', reason: 'Canaries has ended and waits for approval.' });
  });

  it('is the last without a verdict', () => {
    const step = nextStep(at({ request: { rollout: ofTwo() }, phase: 1, ofPhase: tally({ failed: 9 }) }));
    expect(step).toMatchObject({ do: 'end', state: 'completed' });
  });
});
