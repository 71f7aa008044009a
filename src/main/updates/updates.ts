import { randomUUID } from 'node:crypto';
import { PushrodError } from '../../shared/errors.ts';
import type {
  CommandOutput,
  DeviceUpdate,
  PushRequest,
  Update,
  UpdateFrame,
  UpdateId,
  UpdateState,
} from '../../shared/model/index.ts';
import type { Database } from '../data/index.ts';
import { createJournal } from './journal.ts';
import { createLaptopLimits, type LaptopLimits } from './laptop-limits.ts';
import { planDelivery } from './plan.ts';
import { type RunSources, runUpdate, stopped, type UpdateRun } from './run-update.ts';
import { hasEnded, isFinal } from './state-machine.ts';
import { createTurns } from './turns.ts';

/** Pushes of firmware to devices: those that run now, and what is on record of the others. */
export interface Updates {
  /**
   * Starts a push and returns its id. Everything that can be known without contacting a device is checked first.
   * @throws PushrodError `FIRMWARE_NOT_FOUND`, `DEVICE_NOT_FOUND`, `PROFILE_NOT_FOUND`, `CREDENTIAL_NOT_FOUND`, `INVALID_INPUT`
   */
  push(request: PushRequest): Promise<UpdateId>;
  list(): Update[];
  /** @throws PushrodError `UPDATE_NOT_FOUND` */
  get(id: UpdateId): { update: Update; devices: DeviceUpdate[] };
  /** Fulfilled when all connections are closed and it is on record. An update that has ended stays as it is. */
  cancel(id: UpdateId): Promise<void>;
  /** Goes on with an interrupted update. @throws PushrodError `CONFLICT` when it is not interrupted */
  resume(id: UpdateId): Promise<void>;
  /** A snapshot, then changes until the update ends or `signal` aborts. @throws PushrodError `UPDATE_NOT_FOUND` */
  watch(id: UpdateId, signal: AbortSignal | undefined): AsyncGenerator<UpdateFrame, void, void>;
  /** What the profile's commands said on the devices. @throws PushrodError `UPDATE_NOT_FOUND` */
  outputs(id: UpdateId): CommandOutput[];
  limits: Pick<LaptopLimits, 'get' | 'set'>;
  /** Stops what runs; its devices are interrupted. */
  close(): Promise<void>;
}

export interface UpdatesSources extends Omit<RunSources, 'journal' | 'turns' | 'limits'> {
  database: Database;
  /** An update began, changed its state, or a device of one did. */
  onChange(): void;
}

/** Opens the pushes on their journal: what a former process left running is interrupted from now on. */
export async function createUpdates({ database, onChange, ...parts }: UpdatesSources): Promise<Updates> {
  const limits = createLaptopLimits(database);
  const journal = createJournal(database, parts.clock);
  const sources: RunSources = { ...parts, journal, limits, turns: createTurns() };
  const { firmware } = sources;
  const runs = new Map<UpdateId, UpdateRun>();
  for (const id of journal.running()) await endUnfinished(sources, id, 'interrupted');

  const start = (id: UpdateId, request: PushRequest) => {
    const run = runUpdate(sources, id, request);
    runs.set(id, run);
    onChange();
    const forget = () => {
      runs.delete(id);
      onChange();
    };
    run.ended.then(forget, forget);
  };
  /** What the journal calls running, but could not be carried on here, waits for someone to go on with it. */
  const asItIs = (update: Update): Update => {
    const run = runs.get(update.id);
    if (run) return run.update();
    return update.state === 'running' ? { ...update, state: 'interrupted' } : update;
  };
  const get = (id: UpdateId) => ({
    update: asItIs(journal.update(id)),
    devices: runs.get(id)?.devices() ?? journal.devices(id).map((device) => asLeft(device, journal.update(id).state)),
  });
  /** One at a time may cancel or go on with an update that does not run. */
  const hands = createTurns<UpdateId>();
  const inTurn = async (id: UpdateId, work: () => Promise<void>) => {
    const giveBack = await hands.take(id, neverAborted, () => undefined);
    try {
      await work();
    } finally {
      giveBack();
    }
  };

  return {
    async push(request) {
      const pushed = [request.firmware].flat().map((sha256) => firmware.get(sha256));
      const devices = await sources.devices.select(request.selection);
      if (devices.length === 0) {
        throw new PushrodError('INVALID_INPUT', 'No device matches the selection; nothing was pushed.', [
          { field: 'selection', message: 'choose at least one device' },
        ]);
      }
      for (const device of devices) planDelivery(sources, request, pushed, device);
      const id = randomUUID() as UpdateId;
      journal.create(id, request, pushed, devices);
      start(id, request);
      return id;
    },
    list: () => journal.updates().map(asItIs),
    get,
    cancel: (id) =>
      inTurn(id, async () => {
        const run = runs.get(id);
        if (run) return run.stop('cancelled');
        if (hasEnded(journal.update(id).state)) return;
        await endUnfinished(sources, id, 'cancelled');
        onChange();
      }),
    resume: (id) =>
      inTurn(id, async () => {
        const { state } = asItIs(journal.update(id));
        if (state !== 'interrupted') {
          throw new PushrodError('CONFLICT', `Only an interrupted update can go on; this one is ${state}.`);
        }
        const request = journal.request(id);
        for (const sha256 of [request.firmware].flat()) firmware.get(sha256);
        if (journal.update(id).state === 'running') await endUnfinished(sources, id, 'interrupted');
        journal.recordUpdate(id, 'running');
        await Promise.all(
          journal
            .devices(id)
            .filter((device) => device.state === 'interrupted')
            .map((device) => journal.recordDevice(id, { ...device, state: 'pending', bytesSent: 0, resumedFrom: 0 })),
        );
        start(id, request);
      }),
    watch: (id, signal) => runs.get(id)?.frames(signal) ?? onlySnapshot(get(id)),
    limits: sources.limits,
    outputs: (id) => journal.outputs(id),
    async close() {
      await Promise.allSettled([...runs.values()].map((run) => run.stop('interrupted')));
    },
  };
}

const neverAborted = new AbortController().signal;

/** A device of an update that nobody carries on: what had not ended is interrupted, whatever the journal last heard. */
function asLeft(device: DeviceUpdate, state: UpdateState): DeviceUpdate {
  return state === 'running' && !isFinal(device.state) ? { ...device, state: 'interrupted' } : device;
}

async function* onlySnapshot(found: {
  update: Update;
  devices: DeviceUpdate[];
}): AsyncGenerator<UpdateFrame, void, void> {
  yield { type: 'snapshot', ...found };
}

/** Records what a stop means for an update that no one is running. */
async function endUnfinished(
  { journal, clock }: RunSources,
  id: UpdateId,
  reason: 'cancelled' | 'interrupted',
): Promise<void> {
  const unfinished = journal.devices(id).filter((device) => !isFinal(device.state) && device.state !== reason);
  await Promise.all(
    unfinished.map((device) => journal.recordDevice(id, { ...device, ...stopped(device, reason, clock) })),
  );
  journal.recordUpdate(id, reason);
}
