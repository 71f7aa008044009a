import { hintFor } from '../../shared/errors.ts';
import type {
  DeviceUpdate,
  DeviceUpdateState,
  Firmware,
  PushRequest,
  Update,
  UpdateFrame,
  UpdateId,
} from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import type { Delivery } from '../delivery/index.ts';
import { createFeed } from '../feed/index.ts';
import type { Devices } from '../registry/index.ts';
import type { Journal } from './journal.ts';
import { type PlanSources, planDelivery } from './plan.ts';
import { runDevice } from './run-device.ts';
import { isFinal } from './state-machine.ts';
import type { Turns } from './turns.ts';

/** Why a run was stopped before its end. */
type StopReason = 'cancelled' | 'interrupted';

/** An update while it runs. */
export interface UpdateRun {
  update(): Update;
  devices(): DeviceUpdate[];
  frames(signal: AbortSignal | undefined): AsyncGenerator<UpdateFrame, void, void>;
  /** Fulfilled when everything is stopped and on record. */
  stop(reason: StopReason): Promise<void>;
  ended: Promise<void>;
}

export interface RunSources extends PlanSources {
  devices: Devices;
  delivery: Delivery;
  journal: Journal;
  clock: Clock;
  random: () => number;
  /** No two updates work on one device at the same time. */
  turns: Turns<string>;
}

/** Carries an update on with all of its devices that have not ended. */
export function runUpdate(sources: RunSources, id: UpdateId, request: PushRequest, firmware: Firmware): UpdateRun {
  const { journal } = sources;
  const base = journal.update(id);
  const devices = journal.devices(id);
  const abort = new AbortController();
  const feed = createFeed<DeviceUpdate>();
  let stopReason: StopReason = 'interrupted';
  let current: Pick<Update, 'state' | 'endedAt'> = base;

  const record = async (device: DeviceUpdate, reason?: string) => {
    await journal.recordDevice(id, device, reason);
    feed.mark(device);
    noteInRegistry(sources.devices, sources.clock, device);
  };
  const runOne = (device: DeviceUpdate) =>
    sources.turns.take(device.deviceId, async () => {
      if (abort.signal.aborted) return;
      let activates = false;
      await runDevice({
        device,
        retries: request.retries,
        delivery: sources.delivery,
        leases: sources.devices.leases,
        clock: sources.clock,
        random: sources.random,
        signal: abort.signal,
        plan: async () => {
          const job = planDelivery(sources, request, firmware, await sources.devices.get(device.deviceId));
          activates = job.activateCommand !== undefined;
          return job;
        },
        decideHostKey: (job, key) => sources.hosts.decide(job.host, job.port, key, request.hostKeys),
        record: (reason) => record(device, reason),
        changed: () => feed.mark(device),
      });
      if (device.state === 'succeeded' && activates && firmware.version !== '') {
        sources.devices.note(device.deviceId, { firmwareVersion: firmware.version });
      }
    });
  const conclude = async () => {
    const unfinished = devices.filter((device) => !isFinal(device.state));
    await Promise.all(unfinished.map((device) => record(stopped(device, stopReason, sources.clock))));
    const state = unfinished.length === 0 && !abort.signal.aborted ? 'completed' : stopReason;
    journal.recordUpdate(id, state);
    current = journal.update(id);
  };
  const run = async () => {
    const queue = devices.filter((device) => !isFinal(device.state)).values();
    const lane = async () => {
      for (const device of queue) {
        if (abort.signal.aborted) return;
        await runOne(device);
      }
    };
    await Promise.allSettled(
      Array.from({ length: request.concurrency }, () =>
        lane().catch((thrown) => {
          abort.abort();
          throw thrown;
        }),
      ),
    );
    try {
      await conclude();
    } finally {
      feed.end();
    }
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
export function stopped(device: DeviceUpdate, reason: StopReason, clock: Clock): DeviceUpdate {
  const at = new Date(clock.now()).toISOString();
  if (device.state === 'activating') {
    const message = 'Pushrod stopped while the activate command ran.';
    const hint = hintFor('ACTIVATION_UNKNOWN');
    return Object.assign(device, { state: 'failed', errorCode: 'ACTIVATION_UNKNOWN', message, hint, endedAt: at });
  }
  if (reason === 'interrupted') return Object.assign(device, { state: 'interrupted', rateBytesPerSecond: 0 });
  const hint = hintFor('CANCELLED');
  const message = 'The push to this device was cancelled.';
  return Object.assign(device, {
    state: 'cancelled',
    errorCode: 'CANCELLED',
    message,
    hint,
    rateBytesPerSecond: 0,
    endedAt: at,
  });
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
