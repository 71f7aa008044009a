import type { DeviceStatus, DeviceUpdateState, UpdateState } from '../../../shared/model/index.ts';

/** The states of things, as adjectives that stand alone or after a name. */
export const states = {
  status: {
    online: 'online',
    offline: 'offline',
    unknown: 'unknown',
  } as Record<DeviceStatus, string>,
  update: {
    scheduled: 'scheduled',
    running: 'running',
    paused: 'paused',
    interrupted: 'interrupted',
    completed: 'completed',
    failed: 'failed',
    cancelled: 'cancelled',
  } as Record<UpdateState, string>,
  device: {
    pending: 'pending',
    connecting: 'connecting',
    preflight: 'preflight',
    transferring: 'transferring',
    verifying: 'verifying',
    staged: 'staged',
    activating: 'activating',
    confirming: 'confirming',
    rollingBack: 'rolling back',
    retrying: 'retrying',
    interrupted: 'interrupted',
    succeeded: 'succeeded',
    failed: 'failed',
    rolledBack: 'rolled back',
    cancelled: 'cancelled',
    skipped: 'skipped',
  } as Record<DeviceUpdateState, string>,
};
