import { PushrodError } from '../../shared/errors.ts';
import {
  type CommandOutput,
  type DeviceId,
  type DeviceUpdate,
  type DeviceUpdateState,
  hasEnded,
  type PushRequest,
  pushRequest,
  type Update,
  type UpdateFirmware,
  type UpdateId,
  type UpdateState,
} from '../../shared/model/index.ts';
import type { Append, Audit } from '../audit/index.ts';
import type { Clock, Database } from '../data/index.ts';
import { asRecorded } from './as-asked.ts';
import { createDeviceRows, recordOf } from './device-rows.ts';
import type { Placed } from './phases.ts';
import { itself, recordStep } from './record-writer.ts';
import { createRecorder } from './recorder.ts';
import type { LastDelivered } from './skip-reason.ts';
import { noWay, updateTransitions } from './state-machine.ts';

/** What happened, on disk. Nothing that depends on a transition starts before it is recorded here. */
export interface Journal {
  /** What `work` records, without waiting in between, is kept as a whole or not at all. */
  together(work: () => void): void;
  create(update: NewUpdate): void;
  /** Fulfilled when the device's new state is on the disk; transitions of the same moment share one commit. */
  recordDevice(updateId: UpdateId, device: DeviceUpdate, why?: Why): Promise<void>;
  /** Put on record with the next transition of any device, at the latest a moment later. */
  recordOutput(updateId: UpdateId, output: CommandOutput): void;
  /** The reason stays with the update until its next state. @returns when it ended, if that is an end */
  recordUpdate(updateId: UpdateId, state: UpdateState, why: Why): string | null;
  recordPhase(updateId: UpdateId, phase: number, why: Why): void;
  /** The last device of the phase under way has come to its end. */
  recordPhaseEnd(updateId: UpdateId): void;
  /** Staged devices may be activated from now on. */
  recordRelease(updateId: UpdateId, why: Why): void;
  /** What a person has changed of the request since. */
  recordRequest(updateId: UpdateId, request: PushRequest, why: Why): void;
  progress(updateId: UpdateId): RecordedProgress;
  /** What the device got in the last update that succeeded on it. */
  lastDelivered(deviceId: DeviceId): LastDelivered | undefined;
  has(updateId: UpdateId): boolean;
  /** @throws PushrodError `UPDATE_NOT_FOUND` */
  update(updateId: UpdateId): Update;
  request(updateId: UpdateId): PushRequest;
  updates(): Update[];
  devices(updateId: UpdateId): DeviceUpdate[];
  /** What is on record of a device, the newest update first. */
  ofDevice(deviceId: DeviceId, limit: number): { updateId: UpdateId; device: DeviceUpdate }[];
  /** What the profile's commands said, in the order they ended. */
  outputs(updateId: UpdateId): CommandOutput[];
  inState(...states: UpdateState[]): UpdateId[];
  /** How fast one device took payload in the last pushes, all steps counted; `undefined` while there were none. */
  pastBytesPerSecond(): number | undefined;
  /** Fulfilled when nothing is left to be recorded. */
  close(): Promise<void>;
}

export interface NewUpdate {
  id: UpdateId;
  request: PushRequest;
  firmware: UpdateFirmware[];
  devices: Placed[];
  state: Extract<UpdateState, 'running' | 'scheduled'>;
  actor: string;
}

/** Who wanted something, and why. */
export interface Why {
  /** A person at a door; Pushrod itself when left out. */
  actor?: string | undefined;
  reason?: string | null | undefined;
}

/** How far the journal has seen an update come. */
export interface RecordedProgress {
  phase: number;
  phaseEndedAtMs: number | undefined;
  isReleased: boolean;
}

interface UpdateRow {
  id: string;
  name: string;
  state: string;
  reason: string | null;
  phase: number;
  phases: number;
  phase_ended_at: string | null;
  is_released: number;
  created_at: string;
  ended_at: string | null;
}

/** With how it was asked for: the request without its devices, of which there may be very many. */
type AskedRow = UpdateRow & { asked: string };

/** All but the request, which is read where it is needed. */
const columns = 'id, name, state, reason, phase, phases, phase_ended_at, is_released, created_at, ended_at';
const withAsked = `${columns}, json_remove(request, '$.selection') AS asked`;

export function createJournal(database: Database, audit: Audit, clock: Clock): Journal {
  const insertUpdate = database.prepare(`
    INSERT INTO updates (id, name, request, state, phases, created_at)
    VALUES (@id, @name, @request, @state, @phases, @at)`);
  const insertFirmware = database.prepare(`
    INSERT INTO update_firmware (update_id, position, sha256, file_name, version, size_bytes, signed_by)
    VALUES (@id, @position, @sha256, @fileName, @version, @sizeBytes, @signedBy)`);
  const firmwareOf = database.prepare<[string], UpdateFirmware>(`
    SELECT sha256, file_name AS fileName, version, size_bytes AS sizeBytes, signed_by AS signedBy
    FROM update_firmware WHERE update_id = ? ORDER BY position`);
  const deviceRows = createDeviceRows(database);
  const recorder = createRecorder(database.name);
  const setUpdate = database.prepare('UPDATE updates SET state = ?, reason = ?, ended_at = ? WHERE id = ?');
  const setPhase = database.prepare('UPDATE updates SET phase = ?, phase_ended_at = NULL WHERE id = ?');
  const setPhaseEnd = database.prepare('UPDATE updates SET phase_ended_at = ? WHERE id = ?');
  const setReleased = database.prepare('UPDATE updates SET is_released = 1 WHERE id = ?');
  const setRequest = database.prepare('UPDATE updates SET request = ? WHERE id = ?');
  const lastOfDevice = database.prepare<[string], { update_id: string; firmware_version: string | null }>(`
    SELECT update_id, firmware_version FROM device_updates
    WHERE device_id = ? AND state = 'succeeded' ORDER BY ended_at DESC LIMIT 1`);
  const outputRows = database.prepare<[string], CommandOutput>(`
    SELECT device_id AS deviceId, attempt, step, command, exit_code AS exitCode, output, at
    FROM command_outputs WHERE update_id = ? ORDER BY id`);
  const updateById = database.prepare<[string], UpdateRow>(`SELECT ${columns} FROM updates WHERE id = ?`);
  const requestOf = database.prepare<[string], string>('SELECT request FROM updates WHERE id = ?').pluck();
  const askedById = database.prepare<[string], AskedRow>(`SELECT ${withAsked} FROM updates WHERE id = ?`);
  const allUpdates = database.prepare<[], AskedRow>(`
    SELECT ${withAsked} FROM updates ORDER BY created_at DESC, id DESC`);
  const stateCounts = database.prepare<[string], { state: DeviceUpdateState; count: number }>(
    'SELECT state, count(*) AS count FROM device_updates WHERE update_id = ? GROUP BY state',
  );
  const idsInState = database.prepare<[string], string>('SELECT id FROM updates WHERE state = ?').pluck();
  const pastRate = database
    .prepare<[], number | null>(`
      SELECT sum(bytes_sent) / sum((julianday(ended_at) - julianday(started_at)) * 86400)
      FROM (SELECT * FROM device_updates WHERE state = 'succeeded' AND bytes_sent > 0 ORDER BY ended_at DESC LIMIT 200)`)
    .pluck();
  const now = () => new Date(clock.now()).toISOString();

  const known = <Found>(updateId: UpdateId, found: Found | undefined): Found => {
    if (found === undefined) {
      throw new PushrodError('UPDATE_NOT_FOUND', `There is no update with the id "${updateId}".`);
    }
    return found;
  };
  const row = (updateId: UpdateId): UpdateRow => known(updateId, updateById.get(updateId));
  const toUpdate = (found: AskedRow): Update => {
    const counted = stateCounts.all(found.id);
    return {
      id: found.id as UpdateId,
      name: found.name,
      firmware: firmwareOf.all(found.id),
      state: found.state as UpdateState,
      counts: Object.fromEntries(counted.map(({ state, count }) => [state, count])),
      total: counted.reduce((sum, { count }) => sum + count, 0),
      reason: found.reason,
      opensAt: null,
      phase: found.phase,
      phases: found.phases,
      ...asRecorded(found.asked),
      createdAt: found.created_at,
      endedAt: found.ended_at,
    };
  };

  let joined: Append | undefined;
  return {
    together(work) {
      audit.record((append) => {
        joined = append;
        try {
          work();
        } finally {
          joined = undefined;
        }
      });
    },
    create({ id, request, firmware, devices, state, actor }) {
      const at = now();
      audit.record((append) => {
        const what = firmware.map(({ fileName }) => fileName).join(', ');
        const name = request.name || `${what} to ${devices.length} ${devices.length === 1 ? 'device' : 'devices'}`;
        const phases = request.rollout?.phases.length ?? 1;
        insertUpdate.run({ id, name, request: JSON.stringify(request), state, phases, at });
        for (const [position, one] of firmware.entries()) insertFirmware.run({ ...one, id, position });
        const sizeBytes = firmware.reduce((sum, one) => sum + one.sizeBytes, 0);
        for (const placed of devices) deviceRows.add(id, placed, sizeBytes);
        append({ ...ofUpdate(id), action: state, at, actor });
      });
    },
    recordDevice(updateId, device, { actor = itself, reason } = {}) {
      const entry = { type: 'device', updateId, device: recordOf(device), at: now(), actor, reason } as const;
      if (!joined) return recorder.put(entry);
      recordStep(deviceRows, entry, joined);
      return Promise.resolve();
    },
    recordOutput(updateId, output) {
      // When it cannot be recorded, neither can the transition that follows, which says so.
      recorder.put({ type: 'output', updateId, output }).catch(() => undefined);
    },
    recordUpdate(updateId, state, { actor = itself, reason = null }) {
      return audit.record((append) => {
        const from = row(updateId).state as UpdateState;
        if (!updateTransitions[from].includes(state)) throw noWay(from, state);
        const at = now();
        const endedAt = hasEnded(state) ? at : null;
        setUpdate.run(state, reason, endedAt, updateId);
        append({ ...ofUpdate(updateId), action: state, detail: reason, at, actor });
        return endedAt;
      });
    },
    recordPhase(updateId, phase, { actor = itself }) {
      audit.record((append) => {
        setPhase.run(phase, updateId);
        append({ ...ofUpdate(updateId), action: row(updateId).state, detail: `phase ${phase + 1} begins`, actor });
      });
    },
    recordPhaseEnd: (updateId) => void setPhaseEnd.run(now(), updateId),
    recordRelease(updateId, { actor = itself }) {
      audit.record((append) => {
        setReleased.run(updateId);
        append({ ...ofUpdate(updateId), action: row(updateId).state, detail: 'what is staged is activated', actor });
      });
    },
    recordRequest(updateId, request, { actor = itself, reason = null }) {
      audit.record((append) => {
        setRequest.run(JSON.stringify(request), updateId);
        append({ ...ofUpdate(updateId), action: row(updateId).state, detail: reason, actor });
      });
    },
    progress(updateId) {
      const { phase, phase_ended_at: endedAt, is_released: released } = row(updateId);
      return { phase, phaseEndedAtMs: endedAt === null ? undefined : Date.parse(endedAt), isReleased: released === 1 };
    },
    lastDelivered(deviceId) {
      const last = lastOfDevice.get(deviceId);
      if (!last) return undefined;
      const sha256 = firmwareOf.all(last.update_id).map((one) => one.sha256);
      return { sha256, firmwareVersion: last.firmware_version };
    },
    has: (updateId) => updateById.get(updateId) !== undefined,
    update: (updateId) => toUpdate(known(updateId, askedById.get(updateId))),
    request: (updateId) => pushRequest.parse(JSON.parse(known(updateId, requestOf.get(updateId)))),
    updates: () => allUpdates.all().map(toUpdate),
    devices: (updateId) => deviceRows.all(row(updateId).id as UpdateId),
    ofDevice: (deviceId, limit) => deviceRows.ofDevice(deviceId, limit),
    outputs: (updateId) => outputRows.all(row(updateId).id),
    inState: (...states) => states.flatMap((state) => idsInState.all(state) as UpdateId[]),
    pastBytesPerSecond: () => pastRate.get() ?? undefined,
    close: () => recorder.close(),
  };
}

const ofUpdate = (updateId: UpdateId) => ({ subject: 'update', subjectId: updateId, updateId }) as const;
