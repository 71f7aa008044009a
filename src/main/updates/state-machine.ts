import { PushrodError } from '../../shared/errors.ts';
import { type DeviceUpdateState, isFinal, type UpdateState } from '../../shared/model/index.ts';

const anyEnd = ['failed', 'cancelled', 'interrupted', 'skipped'] as const;
/** A person may want it tried again. */
const again = ['pending'] as const;

/** From which state of a device-update which others may follow. */
export const deviceTransitions: Readonly<Record<DeviceUpdateState, readonly DeviceUpdateState[]>> = {
  // An activation that is still to be confirmed is confirmed first.
  pending: ['connecting', 'confirming', 'retrying', ...anyEnd],
  connecting: ['preflight', 'retrying', ...anyEnd],
  preflight: ['transferring', 'retrying', ...anyEnd],
  // A delta that came to nothing is followed by the whole file; over HTTP a device may reboot instead of an answer.
  // Pending, where its window closed before it had all.
  transferring: ['pending', 'transferring', 'verifying', 'confirming', 'retrying', ...anyEnd],
  // Over HTTP the device activates what it has taken by itself.
  verifying: ['pending', 'transferring', 'staged', 'activating', 'confirming', 'succeeded', 'retrying', ...anyEnd],
  staged: ['pending', 'cancelled', 'skipped'],
  // Retried and interrupted only where the device can confirm what came of it, which is all that is done then.
  activating: ['confirming', 'rollingBack', 'succeeded', 'retrying', 'interrupted', 'failed'],
  confirming: ['rollingBack', 'succeeded', 'retrying', 'interrupted', 'failed'],
  rollingBack: ['rolledBack', 'failed'],
  // Pending, where the device is waited for until it is seen again, or its window opens.
  retrying: ['pending', 'connecting', 'confirming', 'retrying', ...anyEnd],
  // Failed, where something was activated that nobody confirms any more.
  interrupted: ['pending', 'failed', 'cancelled', 'skipped'],
  succeeded: [],
  failed: again,
  rolledBack: again,
  cancelled: again,
  skipped: again,
};

/** The same for a whole update. */
export const updateTransitions: Readonly<Record<UpdateState, readonly UpdateState[]>> = {
  scheduled: ['running', 'paused', 'cancelled'],
  // Scheduled, where nothing can be done before a window opens.
  running: ['scheduled', 'paused', 'completed', 'failed', 'cancelled', 'interrupted'],
  paused: ['running', 'completed', 'failed', 'cancelled'],
  interrupted: ['running', 'cancelled'],
  // Devices of it are tried again, or those that are staged are activated.
  completed: ['running'],
  failed: ['running'],
  cancelled: ['running'],
};

/** A transition that there is not. */
export const noWay = (from: string | undefined, to: string): PushrodError =>
  new PushrodError('INTERNAL', `The journal has no way from "${from}" to "${to}".`);

/** Whether a device is still to be worked on before its update can end. */
export const isOpen = (state: DeviceUpdateState): boolean => !isFinal(state) && state !== 'staged';

/** Whether what is under way on a device is brought to its end, rather than cut off. */
export const isBeingActivated = (state: DeviceUpdateState): boolean =>
  state === 'activating' || state === 'confirming' || state === 'rollingBack';
