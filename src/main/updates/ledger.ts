import type {
  DeviceUpdate,
  DeviceUpdateState,
  PushRequest,
  Update,
  UpdateFrame,
  UpdateId,
  UpdateState,
} from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import { createFeed } from '../feed/index.ts';
import type { Devices } from '../registry/index.ts';
import type { Journal, Why } from './journal.ts';
import { createLine } from './line.ts';
import { type NextStep, nextStep } from './next-step.ts';
import type { DeviceChange } from './run-device.ts';
import { count, emptyTally } from './tally.ts';

/** An update as the journal has it, kept in memory: nothing is seen here before it is on record. */
export interface Ledger {
  readonly update: Update;
  readonly request: PushRequest;
  readonly devices: readonly DeviceUpdate[];
  readonly isReleased: boolean;
  /** Devices that can be begun in the phase under way and those before, in their order. */
  queue(): Iterable<DeviceUpdate>;
  /** Takes a device out of the queue; it is back there when it is pending again. */
  take(device: DeviceUpdate): void;
  /** What comes next by itself. @param underWay devices that are worked on */
  step(underWay: number): NextStep;
  enter(device: DeviceUpdate, change: DeviceChange, reason?: string): Promise<void>;
  /** The device's numbers changed, without a transition. */
  touch(device: DeviceUpdate): void;
  change(state: UpdateState, why: Why): void;
  /** Says what the update waits for. */
  say(reason: string): void;
  advance(why: Why): void;
  release(why: Why): void;
  amend(request: PushRequest, why: Why): void;
  frames(signal: AbortSignal | undefined): AsyncGenerator<UpdateFrame, void, void>;
  /** Nothing changes any more. */
  close(): void;
}

interface LedgerSources {
  journal: Journal;
  clock: Clock;
  devices: Devices;
}

/** Marks a frame in which only the update itself changed. */
const itself = Symbol();

export function openLedger({ journal, clock, devices: registry }: LedgerSources, id: UpdateId): Ledger {
  const base = journal.update(id);
  const devices = journal.devices(id);
  let request = journal.request(id);
  let current: Pick<Update, 'state' | 'reason' | 'phase' | 'endedAt'> = base;
  let { phaseEndedAtMs, isReleased } = journal.progress(id);
  const feed = createFeed<DeviceUpdate | typeof itself>();

  const counts: Partial<Record<DeviceUpdateState, number>> = {};
  const all = emptyTally();
  const phases = Array.from({ length: base.phases }, () => ({
    tally: emptyTally(),
    queue: createLine<DeviceUpdate>(),
  }));
  const phaseOf = (device: DeviceUpdate) => phases[device.phase] as (typeof phases)[number];
  const tell = (device: DeviceUpdate, by: 1 | -1) => {
    const { state } = device;
    counts[state] = (counts[state] ?? 0) + by;
    if (counts[state] === 0) delete counts[state];
    count(all, state, by);
    const { tally, queue } = phaseOf(device);
    count(tally, state, by);
    if (state === 'pending' && by === 1) queue.add(device);
    else queue.delete(device);
  };
  for (const device of devices) tell(device, 1);
  const soFar = () => phases.slice(0, current.phase + 1);

  const update = (): Update => ({ ...base, ...current, counts: { ...counts } });
  return {
    get update() {
      return update();
    },
    get request() {
      return request;
    },
    devices,
    get isReleased() {
      return isReleased;
    },
    *queue() {
      for (const { queue } of soFar()) yield* queue;
    },
    take: (device) => void phaseOf(device).queue.delete(device),
    step(underWay) {
      const openSoFar = soFar().reduce((sum, { tally }) => sum + tally.open, 0);
      if (openSoFar > 0) phaseEndedAtMs = undefined;
      else if (phaseEndedAtMs === undefined) {
        journal.recordPhaseEnd(id);
        phaseEndedAtMs = clock.now();
      }
      const { phase } = current;
      const ofPhase = phases[phase]?.tally ?? all;
      return nextStep({ request, phase, phaseEndedAtMs, all, ofPhase, openSoFar, underWay, nowMs: clock.now() });
    },
    async enter(device, change, reason) {
      await journal.recordDevice(id, { ...device, ...change }, reason);
      tell(device, -1);
      Object.assign(device, change);
      tell(device, 1);
      feed.mark(device);
      noteInRegistry(registry, clock, device);
    },
    touch: (device) => feed.mark(device),
    change(state, why) {
      const endedAt = journal.recordUpdate(id, state, why);
      current = { ...current, state, reason: why.reason ?? null, endedAt };
      feed.mark(itself);
    },
    say(reason) {
      if (current.reason === reason) return;
      current = { ...current, reason };
      feed.mark(itself);
    },
    advance(why) {
      journal.recordPhase(id, current.phase + 1, why);
      current = { ...current, phase: current.phase + 1, reason: null };
      phaseEndedAtMs = undefined;
      feed.mark(itself);
    },
    release(why) {
      journal.recordRelease(id, why);
      isReleased = true;
    },
    amend(amended, why) {
      journal.recordRequest(id, amended, why);
      request = amended;
    },
    async *frames(signal) {
      const frames = feed.frames(signal);
      yield { type: 'snapshot', update: update(), devices: [...devices] };
      for await (const changed of frames) {
        yield { type: 'changes', update: update(), devices: [...changed].filter((one) => one !== itself) };
      }
      if (!signal?.aborted) yield { type: 'changes', update: update(), devices: [] };
    },
    close: () => feed.end(),
  };
}

/** Keeps the registry's idea of a device true: seen when it let us in, offline when it could not be reached. */
function noteInRegistry(devices: Devices, clock: Clock, device: DeviceUpdate): void {
  const lastSeen = new Date(clock.now()).toISOString();
  if (device.state === 'preflight') devices.note(device.deviceId, { status: 'online', lastSeen });
  const isOffline = device.state === 'failed' || device.state === 'retrying';
  if (isOffline && device.errorCode === 'UNREACHABLE') devices.note(device.deviceId, { status: 'offline' });
}
