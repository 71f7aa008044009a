import type { DeviceUpdateState, UpdateState } from '../../shared/model/index.ts';

const anyEnd = ['failed', 'cancelled', 'interrupted'] as const;

/** From which state of a device-update which others may follow. States without a successor are final. */
export const deviceTransitions: Readonly<Record<DeviceUpdateState, readonly DeviceUpdateState[]>> = {
  pending: ['connecting', 'retrying', ...anyEnd],
  connecting: ['preflight', 'retrying', ...anyEnd],
  preflight: ['transferring', 'retrying', ...anyEnd],
  transferring: ['verifying', 'retrying', ...anyEnd],
  verifying: ['activating', 'succeeded', 'retrying', ...anyEnd],
  // Never interrupted nor retried: whether the command took effect is not known.
  activating: ['succeeded', 'failed'],
  retrying: ['connecting', 'retrying', ...anyEnd],
  interrupted: ['pending', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
};

/** The same for a whole update. */
export const updateTransitions: Readonly<Record<UpdateState, readonly UpdateState[]>> = {
  running: ['completed', 'cancelled', 'interrupted'],
  interrupted: ['running', 'cancelled'],
  completed: [],
  cancelled: [],
};

export function isFinal(state: DeviceUpdateState): boolean {
  return deviceTransitions[state].length === 0;
}

export function hasEnded(state: UpdateState): boolean {
  return updateTransitions[state].length === 0;
}
