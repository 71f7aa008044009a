import { type ErrorCode, hintFor, PushrodError } from '../../shared/errors.ts';
import type {
  CommandOutput,
  Device,
  DeviceId,
  DeviceUpdate,
  DeviceUpdateState,
  PushRequest,
  Update,
  UpdateFirmware,
  UpdateId,
  UpdateState,
} from '../../shared/model/index.ts';
import { type Clock, type Database, inTransaction } from '../data/index.ts';
import { deviceTransitions, updateTransitions } from './state-machine.ts';

/** What happened, on disk. Nothing that depends on a transition starts before it is recorded here. */
export interface Journal {
  create(id: UpdateId, request: PushRequest, firmware: UpdateFirmware[], devices: Device[]): void;
  /** Fulfilled when the device's new state is on the disk; transitions of the same moment share one commit. */
  recordDevice(updateId: UpdateId, device: DeviceUpdate, reason?: string): Promise<void>;
  /** Put on record with the next transition of any device, at the latest a moment later. */
  recordOutput(updateId: UpdateId, output: CommandOutput): void;
  recordUpdate(updateId: UpdateId, state: UpdateState, reason?: string): void;
  /** @throws PushrodError `UPDATE_NOT_FOUND` */
  update(updateId: UpdateId): Update;
  request(updateId: UpdateId): PushRequest;
  updates(): Update[];
  devices(updateId: UpdateId): DeviceUpdate[];
  /** What the profile's commands said, in the order they ended. */
  outputs(updateId: UpdateId): CommandOutput[];
  running(): UpdateId[];
}

interface UpdateRow {
  id: string;
  name: string;
  request: string;
  state: string;
  created_at: string;
  ended_at: string | null;
}

interface DeviceRow {
  device_id: string;
  device_name: string;
  address: string;
  state: string;
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

/** Something that goes on record with the next commit. */
interface Pending {
  write(): void;
  done: PromiseWithResolvers<void>;
}

/** How long transitions gather while many devices are under way: about as long as a disk takes to flush once. */
const gatherMs = 1;

export function createJournal(database: Database, clock: Clock): Journal {
  const insertUpdate = database.prepare(`
    INSERT INTO updates (id, name, request, state, created_at) VALUES (@id, @name, @request, 'running', @at)`);
  const insertFirmware = database.prepare(`
    INSERT INTO update_firmware (update_id, position, sha256, file_name, version, size_bytes)
    VALUES (@id, @position, @sha256, @fileName, @version, @sizeBytes)`);
  const firmwareOf = database.prepare<[string], UpdateFirmware>(`
    SELECT sha256, file_name AS fileName, version, size_bytes AS sizeBytes
    FROM update_firmware WHERE update_id = ? ORDER BY position`);
  const insertDevice = database.prepare(`
    INSERT INTO device_updates (update_id, device_id, device_name, address, state, bytes_total)
    VALUES (@updateId, @id, @name, @address, 'pending', @sizeBytes)`);
  const setDevice = database.prepare(`
    UPDATE device_updates SET state = @state, attempt = @attempt, bytes_sent = @bytesSent, bytes_total = @bytesTotal,
      method = @method, resumed_from = @resumedFrom, unconfirmed_since = @unconfirmedSince,
      firmware_version = @firmwareVersion, error_code = @errorCode, message = @message,
      started_at = @startedAt, ended_at = @endedAt
    WHERE update_id = @updateId AND device_id = @deviceId`);
  const setUpdate = database.prepare('UPDATE updates SET state = ?, ended_at = ? WHERE id = ?');
  const log = database.prepare(
    'INSERT INTO transitions (update_id, device_id, state, reason, at) VALUES (?, ?, ?, ?, ?)',
  );
  const insertOutput = database.prepare(`
    INSERT INTO command_outputs (update_id, device_id, attempt, step, command, exit_code, output, at)
    VALUES (@updateId, @deviceId, @attempt, @step, @command, @exitCode, @output, @at)`);
  const outputRows = database.prepare<[string], CommandOutput>(`
    SELECT device_id AS deviceId, attempt, step, command, exit_code AS exitCode, output, at
    FROM command_outputs WHERE update_id = ? ORDER BY id`);
  const updateById = database.prepare<[string], UpdateRow>('SELECT * FROM updates WHERE id = ?');
  const allUpdates = database.prepare<[], UpdateRow>('SELECT * FROM updates ORDER BY created_at DESC, id DESC');
  const deviceRows = database.prepare<[string], DeviceRow>(
    'SELECT * FROM device_updates WHERE update_id = ? ORDER BY device_name, device_id',
  );
  const deviceState = database
    .prepare<[string, string], DeviceUpdateState>(
      'SELECT state FROM device_updates WHERE update_id = ? AND device_id = ?',
    )
    .pluck();
  const stateCounts = database.prepare<[string], { state: DeviceUpdateState; count: number }>(
    'SELECT state, count(*) AS count FROM device_updates WHERE update_id = ? GROUP BY state',
  );
  const runningIds = database.prepare<[], string>("SELECT id FROM updates WHERE state = 'running'").pluck();
  const now = () => new Date(clock.now()).toISOString();

  const row = (updateId: UpdateId): UpdateRow => {
    const found = updateById.get(updateId);
    if (!found) throw new PushrodError('UPDATE_NOT_FOUND', `There is no update with the id "${updateId}".`);
    return found;
  };
  const toUpdate = (found: UpdateRow): Update => {
    const counted = stateCounts.all(found.id);
    return {
      id: found.id as UpdateId,
      name: found.name,
      firmware: firmwareOf.all(found.id),
      state: found.state as UpdateState,
      counts: Object.fromEntries(counted.map(({ state, count }) => [state, count])),
      total: counted.reduce((sum, { count }) => sum + count, 0),
      createdAt: found.created_at,
      endedAt: found.ended_at,
    };
  };

  let pending: Pending[] = [];
  /** Where the last commit was shared, it pays to wait for others; a device alone never waits. */
  let hasCompany = false;
  const put = (write: () => void): Promise<void> => {
    const done = Promise.withResolvers<void>();
    if (pending.length === 0) {
      if (hasCompany) setTimeout(commit, gatherMs);
      else setImmediate(commit);
    }
    pending.push({ write, done });
    return done.promise;
  };
  const commit = () => {
    const batch = pending;
    pending = [];
    hasCompany = batch.length > 1;
    try {
      inTransaction(database, () => {
        for (const { write } of batch) write();
      });
      for (const { done } of batch) done.resolve();
    } catch (thrown) {
      for (const { done } of batch) done.reject(thrown);
    }
  };

  return {
    create(id, request, firmware, devices) {
      const at = now();
      inTransaction(database, () => {
        const what = firmware.map(({ fileName }) => fileName).join(', ');
        const name = request.name || `${what} to ${devices.length} ${devices.length === 1 ? 'device' : 'devices'}`;
        insertUpdate.run({ id, name, request: JSON.stringify(request), at });
        for (const [position, one] of firmware.entries()) insertFirmware.run({ ...one, id, position });
        const sizeBytes = firmware.reduce((sum, one) => sum + one.sizeBytes, 0);
        for (const device of devices) insertDevice.run({ ...device, updateId: id, sizeBytes });
        log.run(id, null, 'running', null, at);
      });
    },
    recordDevice(updateId, device, reason) {
      const recorded = { ...device, updateId };
      const at = now();
      return put(() => {
        const from = deviceState.get(updateId, recorded.deviceId);
        requireEdge(from !== undefined && deviceTransitions[from].includes(recorded.state), from, recorded.state);
        setDevice.run(recorded);
        log.run(updateId, recorded.deviceId, recorded.state, reason ?? null, at);
      });
    },
    recordOutput(updateId, output) {
      // When it cannot be recorded, neither can the transition that follows, which says so.
      put(() => insertOutput.run({ ...output, updateId })).catch(() => undefined);
    },
    recordUpdate(updateId, state, reason) {
      inTransaction(database, () => {
        const from = row(updateId).state as UpdateState;
        requireEdge(updateTransitions[from].includes(state), from, state);
        const at = now();
        setUpdate.run(state, updateTransitions[state].length === 0 ? at : null, updateId);
        log.run(updateId, null, state, reason ?? null, at);
      });
    },
    update: (updateId) => toUpdate(row(updateId)),
    request: (updateId) => JSON.parse(row(updateId).request) as PushRequest,
    updates: () => allUpdates.all().map(toUpdate),
    devices: (updateId) => deviceRows.all(row(updateId).id).map(toDeviceUpdate),
    outputs: (updateId) => outputRows.all(row(updateId).id),
    running: () => runningIds.all() as UpdateId[],
  };
}

function requireEdge(allowed: boolean, from: string | undefined, to: string): void {
  if (!allowed) throw new PushrodError('INTERNAL', `The journal has no way from "${from}" to "${to}".`);
}

function toDeviceUpdate(row: DeviceRow): DeviceUpdate {
  const errorCode = row.error_code as ErrorCode | null;
  return {
    deviceId: row.device_id as DeviceId,
    deviceName: row.device_name,
    address: row.address,
    state: row.state as DeviceUpdateState,
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
