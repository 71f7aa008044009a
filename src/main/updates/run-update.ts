import { hintFor, type PushrodError, toPushrodError } from '../../shared/errors.ts';
import type {
  DeviceUpdate,
  DeviceUpdateState,
  PushRequest,
  Update,
  UpdateFrame,
  UpdateId,
} from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import { activates, createRateLimit, type Delivery } from '../delivery/index.ts';
import { createFeed } from '../feed/index.ts';
import type { Devices } from '../registry/index.ts';
import { otherFirmware } from './bases.ts';
import type { Journal } from './journal.ts';
import type { LaptopLimits } from './laptop-limits.ts';
import { requireModel } from './model-check.ts';
import { planDelivery } from './plan.ts';
import type { PlanSources, UpdateContext } from './plan-sources.ts';
import { type DeviceChange, runDevice } from './run-device.ts';
import { isFinal } from './state-machine.ts';
import { waiting } from './target.ts';
import type { Turns } from './turns.ts';

/** Why a run was stopped before its end. */
type StopReason = 'cancelled' | 'interrupted';

/** An update while it runs. */
export interface UpdateRun {
  update(): Update;
  devices(): DeviceUpdate[];
  frames(signal: AbortSignal | undefined): AsyncGenerator<UpdateFrame, void, void>;
  /** Fulfilled when everything is stopped and on record. @throws PushrodError why it could not be recorded */
  stop(reason: StopReason): Promise<void>;
  /** @throws PushrodError why it could not be recorded */
  ended: Promise<void>;
}

export interface RunSources extends PlanSources {
  devices: Devices;
  delivery: Pick<Delivery, 'deliver'>;
  journal: Journal;
  clock: Clock;
  random: () => number;
  limits: LaptopLimits;
  /** No two pushes work on one device, or on one path at one address, at the same time. */
  turns: Turns<string>;
}

/** Carries an update on with all of its devices that have not ended. */
export function runUpdate(sources: RunSources, id: UpdateId, request: PushRequest): UpdateRun {
  const { journal, turns } = sources;
  const base = journal.update(id);
  // As it was when the push began: what the library says of it may have changed since.
  const { firmware } = base;
  const devices = journal.devices(id);
  const context: UpdateContext = {
    rateLimits: [createRateLimit(request.rateLimitBytesPerSecond), sources.limits.rate],
    otherFirmware: otherFirmware(sources.firmware, firmware),
  };
  const abort = new AbortController();
  const feed = createFeed<DeviceUpdate>();
  let stopReason: StopReason = 'interrupted';
  let current: Pick<Update, 'state' | 'endedAt'> = base;

  const enter = async (device: DeviceUpdate, change: DeviceChange, reason?: string) => {
    await journal.recordDevice(id, { ...device, ...change }, reason);
    Object.assign(device, change);
    feed.mark(device);
    noteInRegistry(sources.devices, sources.clock, device);
  };
  const runOne = async (device: DeviceUpdate) => {
    let isActivating = false;
    await runDevice({
      device,
      turns,
      retries: request.retries,
      delivery: sources.delivery,
      leases: sources.devices.leases,
      clock: sources.clock,
      random: sources.random,
      signal: abort.signal,
      plan: async () => {
        const found = await sources.devices.get(device.deviceId);
        for (const { sha256 } of firmware) requireModel(sources.firmware.get(sha256), found);
        const job = planDelivery(sources, request, firmware, found, context);
        isActivating = activates(job);
        return job;
      },
      decideHostKey: (job, { host, port }, key) =>
        (job.transport === 'http' ? sources.certificates : sources.hosts).decide(host, port, key, request.hostKeys),
      enter: (change, reason) => enter(device, change, reason),
      changed: () => feed.mark(device),
      foundVersion: (firmwareVersion) => sources.devices.note(device.deviceId, { firmwareVersion }),
      keepOutput: (output) => journal.recordOutput(id, output),
    });
    const hasTold = device.firmwareVersion !== null;
    const version = firmware.at(-1)?.version;
    if (device.state === 'succeeded' && isActivating && !hasTold && version) {
      sources.devices.note(device.deviceId, { firmwareVersion: version });
    }
  };
  const queue = new Set(devices.filter((device) => !isFinal(device.state)));
  /** The next device that no other push works on; those passed over say why they wait. */
  const takeNext = () => {
    for (const device of queue) {
      const giveBack = turns.tryTake(device.deviceId);
      if (giveBack) {
        queue.delete(device);
        return { device, giveBack };
      }
      waiting(device, () => feed.mark(device));
    }
    return undefined;
  };
  const lane = async () => {
    while (!abort.signal.aborted && queue.size > 0) {
      const next = takeNext();
      if (!next) {
        await turns.freed(abort.signal);
        continue;
      }
      try {
        await runOne(next.device);
      } finally {
        next.giveBack();
      }
    }
  };
  /** The first reason why something could not be recorded; nothing may go on then. */
  let failure: PushrodError | undefined;
  const fail = (thrown: unknown) => {
    failure ??= toPushrodError(thrown);
    abort.abort();
  };
  const conclude = async () => {
    const unfinished = devices.filter((device) => !isFinal(device.state));
    await Promise.all(unfinished.map((device) => enter(device, stopped(device, stopReason, sources.clock))));
    const state = unfinished.length === 0 && !abort.signal.aborted ? 'completed' : stopReason;
    journal.recordUpdate(id, state);
    current = journal.update(id);
  };
  const run = async () => {
    const lanes = Math.min(request.concurrency, queue.size);
    await Promise.all(Array.from({ length: lanes }, () => lane().catch(fail)));
    await conclude().catch(fail);
    feed.end();
    if (failure) throw failure;
  };
  const update = (): Update => ({ ...base, ...current, counts: countStates(devices) });
  const ended = run();

  return {
    update,
    devices: () => devices,
    async *frames(signal) {
      const frames = feed.frames(signal);
      yield { type: 'snapshot', update: update(), devices };
      for await (const changed of frames) yield { type: 'changes', update: update(), devices: [...changed] };
      if (failure) throw failure;
      if (!signal?.aborted) yield { type: 'changes', update: update(), devices: [] };
    },
    async stop(reason) {
      if (!abort.signal.aborted) stopReason = reason;
      abort.abort();
      await ended;
    },
    ended,
  };
}

/** What a stop means for a device that had not ended. */
export function stopped(device: DeviceUpdate, reason: StopReason, clock: Clock): DeviceChange {
  const ended = { rateBytesPerSecond: 0, endedAt: new Date(clock.now()).toISOString() };
  const isConfirmable = device.unconfirmedSince !== null;
  const isUnderWay = device.state === 'activating' || device.state === 'rollingBack';
  if (isConfirmable ? reason === 'cancelled' : isUnderWay) {
    const message = isConfirmable
      ? 'It was cancelled after the activate command was started, and its version is not confirmed.'
      : `Pushrod stopped while the ${device.state === 'activating' ? 'activate' : 'rollback'} command ran.`;
    const code = 'ACTIVATION_UNKNOWN';
    return { state: 'failed', errorCode: code, message, hint: hintFor(code), unconfirmedSince: null, ...ended };
  }
  if (reason === 'interrupted') {
    // Nobody waits for anything any more; why the last try failed is still worth knowing.
    const message = device.errorCode === null ? null : device.message;
    return { state: 'interrupted', message, rateBytesPerSecond: 0 };
  }
  const code = 'CANCELLED';
  const message = 'The push to this device was cancelled.';
  return { state: 'cancelled', errorCode: code, message, hint: hintFor(code), ...ended };
}

function countStates(devices: DeviceUpdate[]): Update['counts'] {
  const counts: Partial<Record<DeviceUpdateState, number>> = {};
  for (const { state } of devices) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Keeps the registry's idea of a device true: seen when it let us in, offline when it could not be reached. */
function noteInRegistry(devices: Devices, clock: Clock, device: DeviceUpdate): void {
  const lastSeen = new Date(clock.now()).toISOString();
  if (device.state === 'preflight') devices.note(device.deviceId, { status: 'online', lastSeen });
  if (device.state === 'failed' && device.errorCode === 'UNREACHABLE')
    devices.note(device.deviceId, { status: 'offline' });
}
