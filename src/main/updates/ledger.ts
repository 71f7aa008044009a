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
import { asAsked } from './as-asked.ts';
import type { Journal, Why } from './journal.ts';
import { createLine } from './line.ts';
import { type NextStep, nextStep } from './next-step.ts';
import type { DeviceChange } from './run-device.ts';
import { begunAgain } from './stopped.ts';
import { count, emptyTally, type Tally } from './tally.ts';

/** An update as the journal has it, kept in memory: nothing is seen here before it is on record. */
export interface Ledger {
  readonly update: Update;
  readonly request: PushRequest;
  readonly devices: readonly DeviceUpdate[];
  readonly isReleased: boolean;
  /** Whether a device was staged when a person wanted it to be activated. */
  isOrdered(device: DeviceUpdate): boolean;
  /**
   * Devices that can be begun in the phase under way and those before, in their order: pending ones, and staged ones that
   * wait for their window or their turn to be activated.
   */
  queue(): Iterable<DeviceUpdate>;
  /** Takes a device out of the queue; it is back there when it is pending again. */
  take(device: DeviceUpdate): void;
  /** What comes next by itself. @param underWay devices that are worked on */
  step(underWay: number): NextStep;
  enter(device: DeviceUpdate, change: DeviceChange, why?: Why): Promise<void>;
  /** The device's numbers changed, without a transition. */
  touch(device: DeviceUpdate): void;
  change(state: UpdateState, why: Why): void;
  /** Makes the update run, with devices that are begun again: all of it is on record, or nothing of it. */
  goOn(again: readonly DeviceUpdate[], why: Why, also?: 'advance' | 'release'): void;
  /** Says what the update waits for, and when its next window opens where it is that. */
  say(reason: string, opensAt: string | null): void;
  advance(why: Why): void;
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
  let current: Pick<Update, 'state' | 'reason' | 'opensAt' | 'phase' | 'endedAt'> = base;
  let { phaseEndedAtMs, isReleased } = journal.progress(id);
  const feed = createFeed<DeviceUpdate | typeof itself>();
  const ordered = new Set<DeviceUpdate>();
  /** What is staged goes on by itself when its window opens, or its turn comes to be activated. */
  const stagedGoesOn = () => isReleased || request.windows.length > 0;

  const counts: Partial<Record<DeviceUpdateState, number>> = {};
  const all = emptyTally();
  const phases = Array.from({ length: base.phases }, () => ({
    tally: emptyTally(),
    queue: createLine<DeviceUpdate>(),
  }));
  const phaseOf = (device: DeviceUpdate) => phases[device.phase] as (typeof phases)[number];
  const goesOn = (state: DeviceUpdateState) => state === 'pending' || (state === 'staged' && stagedGoesOn());
  const tell = (device: DeviceUpdate, by: 1 | -1) => {
    const { state } = device;
    counts[state] = (counts[state] ?? 0) + by;
    if (counts[state] === 0) delete counts[state];
    count(all, state, by);
    const { tally, queue } = phaseOf(device);
    count(tally, state, by);
    if (by === 1 && goesOn(state)) queue.add(device);
    else queue.delete(device);
  };
  for (const device of devices) tell(device, 1);
  const soFar = () => phases.slice(0, current.phase + 1);

  const become = (device: DeviceUpdate, change: DeviceChange) => {
    tell(device, -1);
    Object.assign(device, change);
    tell(device, 1);
    feed.mark(device);
    noteInRegistry(registry, clock, device);
  };
  const turn = (to: Pick<typeof current, 'state' | 'reason' | 'endedAt'>) => {
    current = { ...current, ...to, opensAt: null };
    feed.mark(itself);
  };
  const beginPhase = (phase: number) => {
    current = { ...current, phase, reason: null };
    phaseEndedAtMs = undefined;
    feed.mark(itself);
  };

  const release = () => {
    isReleased = true;
    for (const device of devices) {
      if (device.state !== 'staged') continue;
      ordered.add(device);
      phaseOf(device).queue.add(device);
    }
  };

  const update = (): Update => ({ ...base, ...current, ...asAsked(request), counts: { ...counts } });
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
      const isLeft = ({ open, staged }: Tally) => open + (stagedGoesOn() ? staged : 0);
      const openSoFar = soFar().reduce((sum, { tally }) => sum + isLeft(tally), 0);
      if (openSoFar > 0) phaseEndedAtMs = undefined;
      else if (phaseEndedAtMs === undefined) {
        journal.recordPhaseEnd(id);
        phaseEndedAtMs = clock.now();
      }
      const { phase } = current;
      const ofPhase = phases[phase]?.tally ?? all;
      return nextStep({ request, phase, phaseEndedAtMs, all, ofPhase, openSoFar, underWay, nowMs: clock.now() });
    },
    async enter(device, change, why) {
      await journal.recordDevice(id, { ...device, ...change }, why);
      become(device, change);
    },
    touch: (device) => feed.mark(device),
    change(state, why) {
      const endedAt = journal.recordUpdate(id, state, why);
      turn({ state, reason: why.reason ?? null, endedAt });
    },
    goOn(again, why, also) {
      const phase = current.phase + 1;
      const isIdle = current.state !== 'running';
      journal.together(() => {
        if (also === 'advance') journal.recordPhase(id, phase, why);
        if (also === 'release') journal.recordRelease(id, why);
        if (isIdle) journal.recordUpdate(id, 'running', why);
        for (const device of again) void journal.recordDevice(id, { ...device, ...begunAgain }, { actor: why.actor });
      });
      if (also === 'advance') beginPhase(phase);
      if (also === 'release') release();
      if (isIdle) turn({ state: 'running', reason: null, endedAt: null });
      for (const device of again) become(device, begunAgain);
    },
    say(reason, opensAt) {
      if (current.reason === reason) return;
      current = { ...current, reason, opensAt };
      feed.mark(itself);
    },
    advance(why) {
      journal.recordPhase(id, current.phase + 1, why);
      beginPhase(current.phase + 1);
    },
    isOrdered: (device) => ordered.has(device),
    amend(amended, why) {
      journal.recordRequest(id, amended, why);
      request = amended;
      feed.mark(itself);
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
