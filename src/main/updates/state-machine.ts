import type { DeviceUpdateState, UpdateState } from '../../shared/model/index.ts';

const anyEnd = ['failed', 'cancelled', 'interrupted'] as const;

/** From which state of a device-update which others may follow. States without a successor are final. */
export const deviceTransitions: Readonly<Record<DeviceUpdateState, readonly DeviceUpdateState[]>> = {
  // An activation that is still to be confirmed is confirmed first.
  pending: ['connecting', 'confirming', 'retrying', ...anyEnd],
  connecting: ['preflight', 'retrying', ...anyEnd],
  preflight: ['transferring', 'retrying', ...anyEnd],
  // A delta that came to nothing is followed by the whole file; over HTTP a device may reboot instead of an answer.
  transferring: ['transferring', 'verifying', 'confirming', 'retrying', ...anyEnd],
  // Over HTTP the device activates what it has taken by itself.
  verifying: ['transferring', 'activating', 'confirming', 'succeeded', 'retrying', ...anyEnd],
  // Retried and interrupted only where the device can confirm what came of it, which is all that is done then.
  activating: ['confirming', 'rollingBack', 'succeeded', 'retrying', 'interrupted', 'failed'],
  confirming: ['rollingBack', 'succeeded', 'retrying', 'interrupted', 'failed'],
  rollingBack: ['rolledBack', 'failed'],
  retrying: ['connecting', 'confirming', 'retrying', ...anyEnd],
  // Failed, where something was activated that nobody confirms any more.
  interrupted: ['pending', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  rolledBack: [],
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
