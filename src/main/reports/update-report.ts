import { setImmediate as turn } from 'node:timers/promises';
import {
  type AuditEntry,
  type CommandOutput,
  type DeviceId,
  type DeviceUpdate,
  hasFailed,
  type Update,
  type UpdateId,
} from '../../shared/model/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Clock } from '../data/index.ts';
import type { Updates } from '../updates/index.ts';

export interface ReportSources {
  updates: Pick<Updates, 'get' | 'outputs'>;
  audit: Pick<Audit, 'list'>;
  clock: Clock;
}

/** All that is on record of one update. */
export interface UpdateReport {
  madeAt: string;
  /** Who asked for it. */
  startedBy: string;
  update: Update;
  durationMs: number | null;
  totals: Totals;
  /** Payload put on the wire, as far as it is on record. */
  bytesSent: number;
  /** What happened to the update as a whole, and who wanted it. */
  steps: (Step & { actor: string })[];
  devices: DeviceReport[];
  /** The last entry of the audit log that is shown here. */
  audit: { entryId: number; hash: string } | null;
}

/** Devices by how they ended, as in the summary of a push: `failed` holds those that were rolled back, too. */
export interface Totals {
  devices: number;
  succeeded: number;
  failed: number;
  skipped: number;
  cancelled: number;
  /** Staged, or not at their end for another reason. */
  unfinished: number;
}

export interface Step {
  at: string;
  state: string;
  reason: string | null;
}

export interface DeviceReport {
  deviceId: DeviceId;
  name: string;
  address: string;
  state: DeviceUpdate['state'];
  errorCode: DeviceUpdate['errorCode'];
  message: string | null;
  hint: string | null;
  attempts: number;
  method: DeviceUpdate['method'];
  bytesSent: number;
  bytesTotal: number;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  /** What the device last said it runs; `null` when it was not asked. */
  firmwareVersion: string | null;
  steps: Step[];
  outputs: Omit<CommandOutput, 'deviceId'>[];
}

/** @throws PushrodError `UPDATE_NOT_FOUND` */
export async function reportOn(updateId: UpdateId, { updates, audit, clock }: ReportSources): Promise<UpdateReport> {
  const { update, devices } = updates.get(updateId);
  const outputs = Map.groupBy(updates.outputs(updateId), ({ deviceId }) => deviceId);
  const entries = await entriesOf(updateId, audit);
  const ofUpdate = entries.filter(({ subject }) => subject === 'update');
  const ofDevices = entries.filter(({ subject }) => subject === 'device-update');
  const steps = Map.groupBy(ofDevices, ({ subjectId }) => subjectId);
  const last = entries.at(-1);
  const reported = devices.map((device) =>
    deviceReport(device, steps.get(device.deviceId) ?? [], outputs.get(device.deviceId) ?? []),
  );
  return {
    madeAt: new Date(clock.now()).toISOString(),
    startedBy: ofUpdate[0]?.actor ?? 'not on record',
    update,
    durationMs: millisecondsBetween(update.createdAt, update.endedAt),
    totals: totalsOf(devices),
    bytesSent: reported.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    steps: ofUpdate.map((entry) => ({ ...stepOf(entry), actor: entry.actor })),
    devices: reported,
    audit: last ? { entryId: last.id, hash: last.hash } : null,
  };
}

const auditPage = 10_000;

/** Page by page, so that others have their turn in between. */
async function entriesOf(updateId: UpdateId, audit: ReportSources['audit']): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for (;;) {
    const page = audit.list({ updateId, after: found.at(-1)?.id ?? 0, limit: auditPage });
    found.push(...page);
    if (page.length < auditPage) return found;
    await turn();
  }
}

function deviceReport(device: DeviceUpdate, entries: AuditEntry[], outputs: CommandOutput[]): DeviceReport {
  const { deviceId, deviceName, address, state, errorCode, message, hint, method, bytesTotal } = device;
  const { startedAt, endedAt, firmwareVersion } = device;
  return {
    ...{ deviceId, name: deviceName, address, state, errorCode, message, hint },
    ...{ attempts: device.attempt, method, bytesSent: device.bytesSent + device.bytesSentEarlier, bytesTotal },
    ...{ startedAt, endedAt, durationMs: millisecondsBetween(startedAt, endedAt), firmwareVersion },
    steps: entries.map(stepOf),
    outputs: outputs.map(({ deviceId: _, ...output }) => output),
  };
}

const stepOf = ({ at, action, detail }: AuditEntry): Step => ({ at, state: action, reason: detail });

function totalsOf(devices: DeviceUpdate[]): Totals {
  const count = (state: string) => devices.filter((device) => device.state === state).length;
  const ended = {
    succeeded: count('succeeded'),
    failed: devices.filter(hasFailed).length,
    skipped: count('skipped'),
    cancelled: count('cancelled'),
  };
  const unfinished = Object.values(ended).reduce((left, some) => left - some, devices.length);
  return { devices: devices.length, ...ended, unfinished };
}

function millisecondsBetween(start: string | null, end: string | null): number | null {
  return start === null || end === null ? null : Date.parse(end) - Date.parse(start);
}
