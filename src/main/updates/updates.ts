import { randomUUID } from 'node:crypto';
import { PushrodError } from '../../shared/errors.ts';
import {
  type CommandOutput,
  type DeviceHistoryEntry,
  type DeviceId,
  type DeviceUpdate,
  hasEnded,
  type PushForecast,
  type PushRequest,
  type Update,
  type UpdateFrame,
  type UpdateId,
  type UpdateState,
} from '../../shared/model/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Database } from '../data/index.ts';
import { asPushed } from './as-pushed.ts';
import { type Controls, controlsOf } from './controls.ts';
import { forecast, requirePlannable } from './forecast.ts';
import { requireWindows } from './gate.ts';
import { createJournal } from './journal.ts';
import { createLaptopLimits, type LaptopLimits } from './laptop-limits.ts';
import { placeDevices, withoutEmptyPhases } from './phases.ts';
import { createPlaces } from './places.ts';
import { createRecoverySetting, type RecoverySetting } from './recovery.ts';
import type { RunSources } from './run-sources.ts';
import { runUpdate, type UpdateRun } from './run-update.ts';
import { isOpen } from './state-machine.ts';
import { stopped } from './stopped.ts';
import { createTurns } from './turns.ts';

/** Pushes of firmware to devices: those that run now, and what is on record of the others. */
export interface Updates {
  /**
   * Starts a push and returns its id, a new one where none is given. Everything that can be known without contacting a device is checked first.
   * @throws PushrodError `FIRMWARE_NOT_FOUND`, `DEVICE_NOT_FOUND`, `PROFILE_NOT_FOUND`, `CREDENTIAL_NOT_FOUND`, `INVALID_INPUT`
   */
  push(request: PushRequest, actor: string, id?: UpdateId): Promise<UpdateId>;
  /** What a push would do. No device is contacted, unless `probe` asks whether each can be reached. */
  forecast(request: PushRequest, probe: boolean, signal: AbortSignal | undefined): Promise<PushForecast>;
  list(): Update[];
  find(id: UpdateId): Update | undefined;
  /** @throws PushrodError `UPDATE_NOT_FOUND` */
  get(id: UpdateId): { update: Update; devices: DeviceUpdate[] };
  /** The updates that a device had a part in, the newest first; also of one that is not registered any more. */
  history(id: DeviceId, limit: number): DeviceHistoryEntry[];
  /** Fulfilled when all connections are closed and it is on record. An update that has ended stays as it is. */
  cancel(id: UpdateId, actor: string): Promise<void>;
  /** Does what a person wants with an update, wherever it is. @throws PushrodError `UPDATE_NOT_FOUND`, `CONFLICT` */
  control(id: UpdateId, actor: string, what: (controls: Controls) => Promise<void>): Promise<void>;
  /** A snapshot, then changes until the update ends or `signal` aborts. @throws PushrodError `UPDATE_NOT_FOUND` */
  watch(id: UpdateId, signal: AbortSignal | undefined): AsyncGenerator<UpdateFrame, void, void>;
  /** What the profile's commands said on the devices. @throws PushrodError `UPDATE_NOT_FOUND` */
  outputs(id: UpdateId): CommandOutput[];
  limits: Pick<LaptopLimits, 'get' | 'set'>;
  recovery: RecoverySetting;
  /** Takes up what is scheduled, and what was interrupted where that is set: for a Pushrod that stays open. */
  carryOn(): void;
  /** The laptop was asleep, or a site was changed: each looks at what there is to do. */
  look(): void;
  /** Stops what runs; its devices are interrupted. */
  close(): Promise<void>;
}

export interface UpdatesSources extends Omit<RunSources, 'journal' | 'turns' | 'limits' | 'places'> {
  database: Database;
  /** Where each transition goes on record. */
  audit: Audit;
  /** An update began, changed its state, or a device of one did. */
  onChange(): void;
}

/** Opens the pushes on their journal: what a former process left running is interrupted from now on. */
export async function createUpdates({ database, audit, onChange, ...parts }: UpdatesSources): Promise<Updates> {
  const limits = createLaptopLimits(database);
  const journal = createJournal(database, audit, parts.clock);
  const places = createPlaces(() => limits.get().concurrency ?? Number.POSITIVE_INFINITY);
  const sources: RunSources = { ...parts, journal, limits, turns: createTurns(), places };
  const { firmware, clock } = sources;
  const recovery = createRecoverySetting(database);
  const runs = new Map<UpdateId, UpdateRun>();
  for (const id of journal.inState('running', 'paused')) await endLeftBehind(sources, id);

  const open = (id: UpdateId): UpdateRun => {
    const run = runUpdate(sources, id);
    runs.set(id, run);
    const forget = () => {
      runs.delete(id);
      onChange();
    };
    run.ended.then(forget, forget);
    return run;
  };
  /** What the journal calls running, but could not be carried on here, waits for someone to go on with it. */
  const asItIs = (update: Update): Update => {
    const run = runs.get(update.id);
    if (run) return run.ledger.update;
    return update.state === 'running' ? { ...update, state: 'interrupted' } : update;
  };
  const get = (id: UpdateId) => {
    const run = runs.get(id);
    if (run) return { update: run.ledger.update, devices: [...run.ledger.devices] };
    const update = journal.update(id);
    return { update: asItIs(update), devices: journal.devices(id).map((device) => asLeft(device, update.state)) };
  };
  /** One at a time may want something of an update. */
  const hands = createTurns<UpdateId>();
  const closing = new AbortController();
  const inTurn = async (id: UpdateId, work: (run: UpdateRun) => Promise<void>) => {
    const giveBack = await hands.take(id, closing.signal, () => undefined);
    try {
      const last = runs.get(id);
      if (last?.isEnding) await last.ended.catch(() => undefined);
      const isLeft = !runs.has(id) && journal.update(id).state === 'running';
      if (isLeft) await endLeftBehind(sources, id);
      closing.signal.throwIfAborted();
      const carried = runs.get(id);
      const run = carried ?? open(id);
      try {
        await run.carryOut(() => work(run));
      } finally {
        const { state } = run.ledger.update;
        if (!carried && state !== 'running' && state !== 'scheduled') await run.stop('interrupted');
      }
      onChange();
    } finally {
      giveBack();
    }
  };

  /** What a push is of and for, once everything that can be known beforehand is right. */
  const prepare = async (wanted: PushRequest) => {
    const pushed = [wanted.firmware].flat().map((sha256) => firmware.get(sha256));
    const devices = await sources.devices.select(wanted.selection);
    const { rollout } = wanted;
    const request = rollout ? { ...wanted, rollout: withoutEmptyPhases(rollout, devices.length) } : wanted;
    requirePlannable(sources, request, pushed, devices);
    requireWindows(sources.sites, request, devices);
    return { request, pushed, devices };
  };

  return {
    history: (deviceId, limit) =>
      journal.ofDevice(deviceId, limit).map(({ updateId, device }) => {
        const recorded = journal.update(updateId);
        const { id, name, firmware: brought, state, createdAt, endedAt } = asItIs(recorded);
        const part = runs.has(updateId) ? device : asLeft(device, recorded.state);
        return { update: { id, name, firmware: brought, state, createdAt, endedAt }, device: part };
      }),
    async push(wanted, actor, id = randomUUID() as UpdateId) {
      const { request, pushed, devices } = await prepare(wanted);
      const isLater = request.startAt !== undefined && Date.parse(request.startAt) > clock.now();
      const placed = placeDevices(devices, request.rollout, sources.random);
      const state = isLater ? 'scheduled' : 'running';
      journal.create({ id, request, firmware: pushed.map(asPushed), devices: placed, state, actor });
      open(id).goOn();
      onChange();
      return id;
    },
    async forecast(wanted, probe, signal = neverAborted) {
      const { request, pushed, devices } = await prepare(wanted);
      const found = forecast(sources, request, pushed, devices, await sources.devices.leases.heldElsewhere());
      if (!probe) return found;
      const ask = async (row: PushForecast['devices'][number]) => {
        const isReachable = row.action === 'skip' ? null : await sources.isReachable(row.deviceId, signal);
        return { ...row, isReachable };
      };
      return { ...found, devices: await Promise.all(found.devices.map(ask)) };
    },
    find: (id) => (journal.has(id) ? asItIs(journal.update(id)) : undefined),
    list: () => journal.updates().map(asItIs),
    get,
    cancel: (id, actor) =>
      inTurn(id, async (run) => {
        if (!hasEnded(run.ledger.update.state)) await run.stop('cancelled', actor);
      }),
    control: (id, actor, what) => inTurn(id, (run) => what(controlsOf(run, clock, actor))),
    watch: (id, signal) => runs.get(id)?.frames(signal) ?? onlySnapshot(get(id)),
    limits: {
      get: limits.get,
      set(wanted) {
        limits.set(wanted);
        places.wakeAll();
      },
    },
    outputs: (id) => journal.outputs(id),
    recovery,
    carryOn() {
      for (const id of journal.inState('scheduled')) if (!runs.has(id)) open(id).goOn();
      if (recovery.get().interrupted !== 'resume') return;
      for (const id of journal.inState('interrupted')) {
        // One that cannot go on stays as it is, and says why when a person wants it to.
        inTurn(id, (run) => controlsOf(run, clock, 'pushrod').resume()).catch(() => undefined);
      }
    },
    look() {
      for (const run of runs.values()) run.goOn();
    },
    async close() {
      closing.abort(new PushrodError('CANCELLED', 'Pushrod is being closed.'));
      await Promise.allSettled([...runs.values()].map((run) => run.stop('interrupted')));
      await journal.close();
    },
  };
}

const neverAborted = new AbortController().signal;

/** A device of an update that nobody carries on: what had not ended is interrupted, whatever the journal last heard. */
function asLeft(device: DeviceUpdate, state: UpdateState): DeviceUpdate {
  return state === 'running' && isOpen(device.state) ? { ...device, state: 'interrupted' } : device;
}

async function* onlySnapshot(found: {
  update: Update;
  devices: DeviceUpdate[];
}): AsyncGenerator<UpdateFrame, void, void> {
  yield { type: 'snapshot', ...found };
}

/** Records what it means that nobody was there any more to carry an update on. */
async function endLeftBehind({ journal, clock }: RunSources, id: UpdateId): Promise<void> {
  const { state, firmware } = journal.update(id);
  const wasBegun = (device: DeviceUpdate) => state === 'running' || device.state !== 'pending';
  const left = journal
    .devices(id)
    .filter((device) => isOpen(device.state) && device.state !== 'interrupted' && wasBegun(device));
  await Promise.all(
    left.map((device) =>
      journal.recordDevice(id, { ...device, ...stopped(device, 'interrupted', { clock, firmware }) }),
    ),
  );
  if (state === 'running') journal.recordUpdate(id, 'interrupted', {});
}
