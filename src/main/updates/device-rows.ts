import { type ErrorCode, hintFor } from '../../shared/errors.ts';
import {
  type DeviceId,
  type DeviceUpdate,
  type DeviceUpdateState,
  deviceUpdateState,
  isFinal,
  type UpdateId,
} from '../../shared/model/index.ts';
import type { Database } from '../data/index.ts';
import type { Placed } from './phases.ts';
import { deviceTransitions, noWay } from './state-machine.ts';

/** What of a device goes on record with its state. */
export type DeviceRecord = ReturnType<typeof recordOf>;

export function recordOf(device: DeviceUpdate) {
  const { deviceId, state, attempt, bytesSent, method, resumedFrom, unconfirmedSince, firmwareVersion } = device;
  const { errorCode, message, startedAt, endedAt } = device;
  return {
    ...{ deviceId, state, attempt, bytesSent, method, resumedFrom, unconfirmedSince, firmwareVersion },
    ...{ errorCode, message, startedAt, endedAt },
  };
}

/** The devices of updates as they are on record, each in its last state. */
export interface DeviceRows {
  add(updateId: UpdateId, placed: Placed, sizeBytes: number): void;
  /** @throws PushrodError `INTERNAL` where no way leads there from the state on record */
  set(updateId: UpdateId, device: DeviceRecord): void;
  /** In their order. */
  all(updateId: UpdateId): DeviceUpdate[];
  /** What is on record of a device, the newest update first. */
  ofDevice(deviceId: DeviceId, limit: number): { updateId: UpdateId; device: DeviceUpdate }[];
}

interface Row {
  device_id: string;
  device_name: string;
  address: string;
  location: string | null;
  state: string;
  phase: number;
  attempt: number;
  bytes_sent: number;
  bytes_total: number;
  method: string | null;
  resumed_from: number;
  unconfirmed_since: string | null;
  firmware_version: string | null;
  error_code: string | null;
  message: string | null;
  started_at: string | null;
  ended_at: string | null;
}

/** Values are bound by position: a name for each would cost as much as the row. */
export function createDeviceRows(database: Database): DeviceRows {
  const insert = database.prepare(`
    INSERT INTO device_updates (update_id, device_id, device_name, address, location, state, phase, position, bytes_total)
    VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?)`);
  const stateOf = database
    .prepare<[string, string], string>('SELECT state FROM device_updates WHERE update_id = ? AND device_id = ?')
    .pluck();
  const rows = database.prepare<[string], Row>(
    'SELECT * FROM device_updates WHERE update_id = ? ORDER BY position, device_name, device_id',
  );
  const ofDevice = database.prepare<[string, number], Row & { update_id: string }>(`
    SELECT device_updates.* FROM device_updates JOIN updates ON updates.id = update_id
    WHERE device_id = ? ORDER BY updates.created_at DESC, updates.id DESC LIMIT ?`);
  const setters = new Map(deviceUpdateState.options.map((to) => [to, prepareSetter(database, to)]));

  return {
    add(updateId, { device, phase, position }, sizeBytes) {
      insert.run(updateId, device.id, device.name, device.address, device.location, phase, position, sizeBytes);
    },
    set(updateId, device) {
      const { deviceId, state } = device;
      if (!setters.get(state)?.(updateId, device)) throw noWay(stateOf.get(updateId, deviceId), state);
    },
    all: (updateId) => rows.all(updateId).map(toDeviceUpdate),
    ofDevice: (deviceId, limit) =>
      ofDevice
        .all(deviceId, limit)
        .map((row) => ({ updateId: row.update_id as UpdateId, device: toDeviceUpdate(row) })),
  };
}

/** What sets devices to a state, and says whether the one that is on record may be followed by it. */
function prepareSetter(database: Database, to: DeviceUpdateState) {
  const former = deviceUpdateState.options.filter((state) => deviceTransitions[state].includes(to));
  // Nothing that is under way has an end, and there is an index of those to keep.
  const mayHaveEnd = isFinal(to) || to === 'staged' || to === 'pending';
  const statement = database.prepare(`
    UPDATE device_updates SET state = '${to}', attempt = ?, bytes_sent = ?, method = ?, resumed_from = ?,
      unconfirmed_since = ?, firmware_version = ?, error_code = ?, message = ?, started_at = ?
      ${mayHaveEnd ? ', ended_at = ?' : ''}
    WHERE update_id = ? AND device_id = ? AND state IN ('${former.join("', '")}')`);
  return (updateId: UpdateId, device: DeviceRecord): boolean => {
    const { attempt, bytesSent, method, resumedFrom, unconfirmedSince, firmwareVersion } = device;
    const { errorCode, message, startedAt, endedAt, deviceId } = device;
    const told = [attempt, bytesSent, method, resumedFrom, unconfirmedSince, firmwareVersion, errorCode, message];
    const end = mayHaveEnd ? [endedAt] : [];
    return statement.run(...told, startedAt, ...end, updateId, deviceId).changes > 0;
  };
}

function toDeviceUpdate(row: Row): DeviceUpdate {
  const errorCode = row.error_code as ErrorCode | null;
  return {
    deviceId: row.device_id as DeviceId,
    deviceName: row.device_name,
    address: row.address,
    location: row.location,
    state: row.state as DeviceUpdateState,
    phase: row.phase,
    attempt: row.attempt,
    bytesSent: row.bytes_sent,
    bytesSentEarlier: 0,
    bytesTotal: row.bytes_total,
    rateBytesPerSecond: 0,
    method: row.method as DeviceUpdate['method'],
    resumedFrom: row.resumed_from,
    unchangedBytes: 0,
    unconfirmedSince: row.unconfirmed_since,
    firmwareVersion: row.firmware_version,
    errorCode,
    message: row.message,
    hint: errorCode && hintFor(errorCode),
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
