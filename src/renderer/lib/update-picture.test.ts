import { expect, it } from 'vitest';
import {
  type DeviceId,
  type DeviceUpdate,
  type DeviceUpdateState,
  deviceUpdateState,
  hasFailed,
  type Update,
  type UpdateId,
} from '../../shared/model/index.ts';
import { inOrder, withFrame } from './update-picture.ts';

const device = (id: string, state: DeviceUpdateState) =>
  ({ deviceId: id as DeviceId, deviceName: id, state }) as DeviceUpdate;
const update = { id: 'u' as UpdateId, state: 'running' } as Update;

it('puts every state in its place', () => {
  const states = inOrder(deviceUpdateState.options.map((state) => device(state, state))).map(({ state }) => state);
  expect([states[0], states.at(-2), states.at(-1)]).toEqual(['failed', 'skipped', 'succeeded']);
});

it('merges frames by device and starts anew with a snapshot', () => {
  const first = withFrame(undefined, {
    type: 'snapshot',
    update,
    devices: [device('a', 'pending'), device('b', 'pending')],
  });
  const second = withFrame(first, { type: 'changes', update, devices: [device('b', 'connecting')] });
  expect([...second.devices.values()].map(({ state }) => state)).toEqual(['pending', 'connecting']);
  expect(first.devices.get('b')?.state).toBe('pending');
  const again = withFrame(second, { type: 'snapshot', update, devices: [device('a', 'failed')] });
  expect([...again.devices.keys()]).toEqual(['a']);
});

it('puts failures first and successes last', () => {
  const devices = [device('d', 'succeeded'), device('c', 'transferring'), device('b', 'failed'), device('a', 'failed')];
  expect(inOrder(devices).map(({ deviceId }) => deviceId)).toEqual(['a', 'b', 'c', 'd']);
});

it('orders its devices frame by frame as if they were sorted anew each time', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `d${(index * 7) % 40}`);
  const states = deviceUpdateState.options;
  const stateAt = (frame: number, index: number) => states[(frame * 5 + index * 3) % states.length] ?? 'pending';
  let picture = withFrame(undefined, {
    type: 'snapshot',
    update,
    devices: ids.map((id, index) => device(id, stateAt(0, index))),
  });
  for (let frame = 1; frame < 60; frame += 1) {
    const devices = ids
      .filter((_, index) => (index + frame) % 3 === 0)
      .map((id, index) => device(id, stateAt(frame, index)));
    picture = withFrame(picture, { type: 'changes', update, devices });
    expect(picture.ordered).toEqual(inOrder(picture.devices.values()));
    expect(picture.failed).toEqual(picture.ordered.filter(hasFailed));
  }
});

it('leaves what a frame did not change as it is, so that nothing is made anew of it', () => {
  const devices = [device('a', 'failed'), device('b', 'transferring')];
  const first = withFrame(undefined, { type: 'snapshot', update, devices });
  const second = withFrame(first, { type: 'changes', update, devices: [device('b', 'verifying')] });
  expect(second.failed).toBe(first.failed);
  expect(second.ordered[0]).toBe(first.ordered[0]);
  const third = withFrame(second, { type: 'changes', update, devices: [] });
  expect(third.ordered).toBe(second.ordered);
});

it('counts a step only where more changed than how much was sent', () => {
  const first = withFrame(undefined, { type: 'snapshot', update, devices: [device('a', 'transferring')] });
  const sent = withFrame(first, { type: 'changes', update, devices: [device('a', 'transferring')] });
  expect(sent.steps).toBe(first.steps);
  const moved = withFrame(sent, { type: 'changes', update, devices: [device('a', 'verifying')] });
  const paused = { ...update, state: 'paused' as const };
  const ended = withFrame(moved, { type: 'changes', update: paused, devices: [device('a', 'verifying')] });
  const told = withFrame(ended, { type: 'changes', update: paused, devices: [] });
  expect([moved, ended, told].map(({ steps }) => steps - first.steps)).toEqual([1, 2, 3]);
});
