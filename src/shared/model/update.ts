import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { deviceId } from './device.ts';
import { sha256 } from './firmware.ts';
import { rollout } from './push-request.ts';
import { share } from './share.ts';
import { timestamp } from './timestamp.ts';
import { siteWindow } from './window.ts';

export const updateId = z
  .string()
  .regex(/^[0-9A-Za-z-]{1,64}$/, 'not an update id')
  .brand<'UpdateId'>();
export type UpdateId = z.infer<typeof updateId>;

/**
 * `scheduled`: it begins later. `paused`: by a person or by a phase that ended; nothing more begins. `interrupted`: found
 * unfinished at start-up. `completed` may hold failed devices; `failed`: too many had, and the rest was not begun.
 */
export const updateState = z.enum([
  'scheduled',
  'running',
  'paused',
  'interrupted',
  'completed',
  'failed',
  'cancelled',
]);
export type UpdateState = z.infer<typeof updateState>;

const updateEnds: ReadonlySet<UpdateState> = new Set(['completed', 'failed', 'cancelled']);

/** Whether nothing more happens in an update by itself. */
export const hasEnded = (state: UpdateState): boolean => updateEnds.has(state);

export const deviceUpdateState = z.enum([
  'pending',
  'connecting',
  'preflight',
  'transferring',
  'verifying',
  'staged',
  'activating',
  'confirming',
  'rollingBack',
  'retrying',
  'interrupted',
  'succeeded',
  'failed',
  'rolledBack',
  'cancelled',
  'skipped',
]);
export type DeviceUpdateState = z.infer<typeof deviceUpdateState>;

const deviceEnds: ReadonlySet<DeviceUpdateState> = new Set([
  ...(['succeeded', 'failed', 'rolledBack', 'cancelled', 'skipped'] as const),
]);

/** Whether nothing more happens to a device of an update by itself; what is staged still waits for a word. */
export const isFinal = (state: DeviceUpdateState): boolean => deviceEnds.has(state);

/** Whether the device does not run the new firmware although it should; `rolledBack` is a failure that was undone. */
export function hasFailed({ state }: { state: DeviceUpdateState }): boolean {
  return state === 'failed' || state === 'rolledBack';
}

/** What an update brings, as it was when the update began. */
export const updateFirmware = z.object({
  sha256,
  fileName: z.string(),
  version: z.string(),
  sizeBytes: z.int(),
  /** Who had signed it, and what they said; `null` where it was not signed. */
  signedBy: z.string().nullable().default(null),
});
export type UpdateFirmware = z.infer<typeof updateFirmware>;

/** The pace and the safeguards of an update, as they are now: a person may have changed them since it began. */
export const limitsOfUpdate = z.object({
  /** Devices at the same time. */
  concurrency: z.int(),
  /** Payload bytes a second of all its devices together; `null` for no limit. */
  rateLimitBytesPerSecond: z.number().nullable(),
  /** Further tries for a device after a failure that may pass. */
  retries: z.int(),
  /** How long one device may take, all tries together; `null` for no limit. */
  deviceTimeoutMs: z.int().nullable(),
  /** No further device is begun once more than these have failed; `null` for no end. */
  maxFailures: share.nullable(),
});
export type LimitsOfUpdate = z.infer<typeof limitsOfUpdate>;

export const update = z.object({
  id: updateId,
  name: z.string(),
  /** In the order it is brought; the version of the last one is what a device reports afterwards. */
  firmware: z.array(updateFirmware),
  state: updateState,
  /** Number of devices in each state; states with none are left out. */
  counts: z.partialRecord(deviceUpdateState, z.int()),
  total: z.int(),
  /** Why it is paused or has failed, or what it waits for; else `null`. */
  reason: z.string().nullable().default(null),
  /** When its next window opens, where it waits for that; else `null`. */
  opensAt: timestamp.nullable().default(null),
  /** The phase under way, from 0, of how many. */
  phase: z.int().default(0),
  phases: z.int().default(1),
  /** `null` where an older Pushrod answers, which does not tell. */
  limits: limitsOfUpdate.nullable().default(null),
  /** How it goes from phase to phase; `null` where it has one only. */
  rollout: rollout.nullable().default(null),
  /** Devices are begun and activated in these only; at any time where there are none. */
  windows: z.array(siteWindow).default([]),
  createdAt: timestamp,
  endedAt: timestamp.nullable(),
});
export type Update = z.infer<typeof update>;

/** Whether a window has to open before anything more happens in an update. */
export const waitsForWindow = ({ state, opensAt }: Pick<Update, 'state' | 'opensAt'>): boolean =>
  state === 'scheduled' && opensAt !== null;

/** One device's part of an update. */
export const deviceUpdate = z.object({
  deviceId,
  /** The device's name and address when the update started. */
  deviceName: z.string(),
  address: z.string(),
  /** Where the device stood then; its windows may follow the time there. */
  location: z.string().nullable().default(null),
  state: deviceUpdateState,
  /** Which phase of the update it belongs to, from 0. */
  phase: z.int().default(0),
  /** 1 for the first try. */
  attempt: z.int(),
  /** Payload put on the wire in this try. */
  bytesSent: z.int(),
  /** Payload put on the wire in the earlier tries of this run. */
  bytesSentEarlier: z.int().default(0),
  bytesTotal: z.int(),
  /** Payload bytes a second over the last seconds; 0 when nothing is being sent. */
  rateBytesPerSecond: z.number(),
  method: z.enum(['sftp', 'exec', 'delta', 'http']).nullable(),
  /** Offset at which a resumed transfer went on; 0 for a whole one. */
  resumedFrom: z.int(),
  /** The activate command was started then, and what came of it is still to be confirmed; else `null`. */
  unconfirmedSince: timestamp.nullable().default(null),
  /** What the device last said it runs; `null` when it was not asked. */
  firmwareVersion: z.string().nullable().default(null),
  /** Bytes that a delta found on the device already. */
  unchangedBytes: z.int().default(0),
  errorCode: z.enum(errorCodes).nullable(),
  message: z.string().nullable(),
  hint: z.string().nullable(),
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
});
export type DeviceUpdate = z.infer<typeof deviceUpdate>;

/** An update that a device had a part in, and what came of it there. */
export const deviceHistoryEntry = z.object({
  update: update.pick({ id: true, name: true, firmware: true, state: true, createdAt: true, endedAt: true }),
  device: deviceUpdate,
});
export type DeviceHistoryEntry = z.infer<typeof deviceHistoryEntry>;

type Through = Pick<DeviceUpdate, 'bytesSent' | 'bytesTotal' | 'resumedFrom' | 'unchangedBytes'>;

/**
 * Payload that is on the device: what was sent, what a former try had left there, and what need not be changed. What
 * had to be sent twice, as after a delta that came to nothing, makes it no more than all.
 */
export function bytesThrough({ bytesSent, bytesTotal, resumedFrom, unchangedBytes }: Through): number {
  return Math.min(bytesTotal, resumedFrom + unchangedBytes + bytesSent);
}

/** What a command of the profile said on a device; what is between the start and the end of a long output is left out. */
export const commandOutput = z.object({
  deviceId,
  attempt: z.int(),
  step: deviceUpdateState,
  command: z.string(),
  /** `null` when a signal ended it. */
  exitCode: z.int().nullable(),
  output: z.string(),
  at: timestamp,
});
export type CommandOutput = z.infer<typeof commandOutput>;

/** The progress stream: a snapshot first, then only what changed, at most 10 frames a second. */
export const updateFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), update, devices: z.array(deviceUpdate) }),
  z.object({ type: z.literal('changes'), update, devices: z.array(deviceUpdate) }),
]);
export type UpdateFrame = z.infer<typeof updateFrame>;
