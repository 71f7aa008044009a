import type { DeviceStatus, DeviceUpdateState, UpdateState } from '../../shared/model/index.ts';

/** How good or bad a state is, as its colour says. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'idle';

export const statusTones: Record<DeviceStatus, Tone> = { online: 'good', offline: 'bad', unknown: 'idle' };

export const updateTones: Record<UpdateState, Tone> = {
  scheduled: 'idle',
  running: 'busy',
  paused: 'warn',
  interrupted: 'warn',
  completed: 'good',
  failed: 'bad',
  cancelled: 'idle',
};

export const deviceUpdateTones: Record<DeviceUpdateState, Tone> = {
  pending: 'idle',
  connecting: 'busy',
  preflight: 'busy',
  transferring: 'busy',
  verifying: 'busy',
  staged: 'idle',
  activating: 'busy',
  confirming: 'busy',
  rollingBack: 'warn',
  retrying: 'warn',
  interrupted: 'warn',
  succeeded: 'good',
  failed: 'bad',
  rolledBack: 'bad',
  cancelled: 'idle',
  skipped: 'idle',
};
