import { describe, expect, it } from 'vitest';
import {
  type DeviceUpdate,
  type DeviceUpdateState,
  type Update,
  type UpdateState,
  updateState,
} from '../../shared/model/index.ts';
import { actionsFor, phaseSteps } from './update-actions.ts';

const device = (state: DeviceUpdateState, phase = 0) => ({ state, phase }) as DeviceUpdate;

/** An update in a state, of such devices. */
function allowedIn(state: UpdateState, devices: DeviceUpdate[], phases: Partial<Update> = {}): string[] {
  const counts: Update['counts'] = {};
  for (const one of devices) counts[one.state] = (counts[one.state] ?? 0) + 1;
  const update = { state, counts, total: devices.length, phase: 0, phases: 1, ...phases } as Update;
  return [...actionsFor(update, devices)];
}

describe('what can be done with an update', () => {
  it.each<[UpdateState, DeviceUpdateState[], string[]]>([
    ['scheduled', ['pending'], ['pause', 'cancel', 'limits']],
    ['running', ['transferring'], ['pause', 'cut', 'cancel', 'limits']],
    ['running', ['failed', 'staged'], ['pause', 'cut', 'cancel', 'retryFailed', 'activate', 'limits']],
    ['paused', ['pending', 'skipped'], ['resume', 'cancel', 'retryAll', 'limits']],
    ['interrupted', ['interrupted', 'failed'], ['resume', 'cancel']],
    ['completed', ['succeeded'], []],
    ['completed', ['staged', 'rolledBack'], ['retryFailed', 'activate']],
    ['failed', ['failed', 'cancelled', 'staged'], ['retryFailed', 'retryAll']],
    ['cancelled', ['cancelled'], ['retryAll']],
  ])('while it is %s, with devices %j', (state, states, expected) =>
    expect(
      allowedIn(
        state,
        states.map((one) => device(one)),
      ),
    ).toEqual(expected),
  );

  it('asks for a word between phases, and goes on by itself within one', () => {
    const phases = { phase: 0, phases: 2 };
    const over = [device('succeeded'), device('failed'), device('pending', 1)];
    expect(allowedIn('paused', over, phases)).toEqual(['approve', 'cancel', 'retryFailed', 'limits']);
    expect(allowedIn('paused', [...over, device('pending')], phases)).toContain('resume');
    expect(allowedIn('paused', over, { phase: 1, phases: 2 })).not.toContain('approve');
  });

  it.each(updateState.options)('never both goes on and approves (%s)', (state) => {
    const allowed = allowedIn(state, [device('succeeded'), device('pending', 1)], { phases: 2 });
    expect(allowed.filter((action) => action === 'resume' || action === 'approve').length).toBeLessThan(2);
  });
});

describe('the phases of an update', () => {
  const devices = [device('succeeded'), device('failed', 1), device('succeeded', 1), device('pending', 2)];

  it('are steps, with what came of each', () => {
    const steps = phaseSteps({ state: 'running', phase: 1, phases: 4 } as Update, devices);
    expect(steps.map(({ state }) => state)).toEqual(['done', 'current', 'next', 'later']);
    expect(steps[1]).toMatchObject({ total: 2, succeeded: 1, failed: 1, done: 2 });
  });

  it('are done once the update is, and none where there is one', () => {
    const ended = phaseSteps({ state: 'completed', phase: 2, phases: 3 } as Update, devices);
    expect(ended.every(({ state }) => state === 'done')).toBe(true);
    expect(phaseSteps({ state: 'running', phase: 0, phases: 1 } as Update, devices)).toEqual([]);
  });
});
