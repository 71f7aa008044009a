import { type DeviceUpdate, hasFailed, type Update, type UpdateState } from '../shared/model/index.ts';
import type { Follower } from './follower.ts';
import type { Terminal } from './terminal.ts';

/** NDJSON: a line for each change, then the summary (CLI.md, Push and follow). */
export function jsonFollower(terminal: Terminal): Follower {
  let told: UpdateState | undefined;
  return {
    changed(update, devices) {
      if (update.state !== told) terminal.jsonLine({ type: 'update', updateId: update.id, state: update.state });
      told = update.state;
      for (const device of devices) terminal.jsonLine(deviceLine(update, device));
    },
    ended: (update, devices, versions) => terminal.jsonLine(summaryOf(update, devices, versions)),
  };
}

function deviceLine({ id }: Update, device: DeviceUpdate) {
  const { deviceId, state, attempt, bytesSent, bytesTotal, method, errorCode, message } = device;
  return {
    type: 'device',
    ...{ updateId: id, deviceId, state, attempt, bytesSent, bytesTotal, method },
    ...(errorCode !== null && { errorCode }),
    // Also what a device waits for.
    ...(message !== null && { message }),
  };
}

function summaryOf(update: Update, devices: DeviceUpdate[], versions: ReadonlyMap<string, string | null>) {
  const count = (state: string) => devices.filter((device) => device.state === state).length;
  return {
    type: 'summary',
    updateId: update.id,
    state: update.state,
    total: update.total,
    succeeded: count('succeeded'),
    failed: devices.filter(hasFailed).length,
    rolledBack: count('rolledBack'),
    skipped: count('skipped'),
    cancelled: count('cancelled'),
    staged: count('staged'),
    bytesSent: devices.reduce((sum, device) => sum + sentInAll(device), 0),
    durationMs: millisecondsBetween(update.createdAt, update.endedAt),
    devices: devices.map((device) => ({
      deviceId: device.deviceId,
      state: device.state,
      errorCode: device.errorCode,
      message: device.message,
      hint: device.hint,
      attempts: device.attempt,
      bytesSent: sentInAll(device),
      bytesTotal: device.bytesTotal,
      method: device.method,
      resumedFrom: device.resumedFrom,
      durationMs: millisecondsBetween(device.startedAt, device.endedAt),
      firmwareVersion: device.firmwareVersion ?? versions.get(device.deviceId) ?? null,
    })),
  };
}

/** Payload put on the wire in all tries of this run. */
const sentInAll = ({ bytesSent, bytesSentEarlier }: DeviceUpdate) => bytesSent + bytesSentEarlier;

function millisecondsBetween(start: string | null, end: string | null): number | null {
  return start === null || end === null ? null : Date.parse(end) - Date.parse(start);
}
