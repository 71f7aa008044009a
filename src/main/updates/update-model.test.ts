import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openScripted, type Script } from '../../../test/harness/scripted-updates.ts';
import { PushrodError } from '../../shared/errors.ts';
import {
  type DeviceUpdateState,
  hasEnded,
  isFinal,
  newDevice,
  profile,
  pushRequest,
  rollout,
  siteWindow,
  type UpdateId,
  type UpdateState,
} from '../../shared/model/index.ts';

/** What the tests can do with an update. */
type Wish =
  | { do: 'finish' | 'fail'; nth: number }
  | { do: 'pause' | 'cut' | 'resume' | 'approve' | 'retry' | 'activate' | 'cancel' | 'reopen' }
  | { do: 'limit'; concurrency: number }
  | { do: 'skip'; nth: number }
  | { do: 'pass'; ms: number };

const hourMs = 3_600_000;
const window = siteWindow.parse({ start: '0 */6 * * *', durationMs: 4 * hourMs, tz: 'UTC', cutoffMs: 2 * hourMs });

const nth = fc.nat(40);
const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('finish' as const), nth }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fail' as const), nth }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'cut' as const, 'resume' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('approve' as const, 'retry' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('activate' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('limit' as const), concurrency: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('skip' as const), nth }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 8_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: hourMs / 4, max: 8 * hourMs }) }),
  },
);

const setting = fc.record({
  devices: fc.integer({ min: 1, max: 12 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  hasWindow: fc.boolean(),
  maxFailures: fc.option(fc.record({ devices: fc.nat(4) }), { nil: undefined }),
  rollout: fc.option(
    fc.record({
      phases: fc.constantFrom([25, 100], [10, 50, 100], [1, 100]),
      successPercent: fc.constantFrom(0, 60, 100),
      waitMs: fc.constantFrom(0, 5_000),
      needsApproval: fc.boolean(),
    }),
    { nil: undefined },
  ),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

interface Modelled {
  phase: number;
  state: DeviceUpdateState | 'busy';
  /** The state from which a busy one was begun. */
  from: 'pending' | 'staged';
  /** A person wants it activated, whatever the window says. */
  isOrdered: boolean;
}

/** The update as a plain list of devices, gone through anew after every wish. */
class Model {
  state: UpdateState = 'running';
  phase = 0;
  phaseEndedAtMs: number | undefined;
  isReleased = false;
  concurrency: number;
  devices: Modelled[];
  nowMs: number;
  /** Those that have a device. */
  phases: number;
  readonly setting: Setting;

  constructor(given: Setting, nowMs: number) {
    this.setting = given;
    this.nowMs = nowMs;
    this.concurrency = given.concurrency;
    const reached = (given.rollout?.phases ?? [100]).map((percent) => Math.ceil((percent * given.devices) / 100));
    const ends = [...new Set(reached)];
    this.phases = ends.length;
    this.devices = Array.from({ length: given.devices }, (_, position) => ({
      phase: ends.findIndex((end) => position < end),
      state: 'pending',
      from: 'pending',
      isOrdered: false,
    }));
    this.settle();
  }

  /** How long the window has been open, in milliseconds; over four hours of the six it is shut. */
  get windowMs() {
    return this.setting.hasWindow ? this.nowMs % (6 * hourMs) : 0;
  }

  mayPass = ({ isOrdered }: Modelled) => isOrdered || this.windowMs < 2 * hourMs;

  mayActivate = ({ isOrdered }: Modelled) => isOrdered || this.windowMs < 4 * hourMs;

  in(...states: Modelled['state'][]) {
    return this.devices.filter(({ state }) => states.includes(state));
  }

  settle(): void {
    const { rollout: phases, maxFailures } = this.setting;
    if (this.state === 'scheduled') this.state = 'running';
    if (this.state !== 'running' && this.state !== 'paused') return;
    const isPast = maxFailures !== undefined && this.in('failed').length > maxFailures.devices;
    if (isPast) {
      if (this.in('busy').length > 0) return;
      for (const device of this.in('pending', 'interrupted')) device.state = 'cancelled';
      this.state = 'failed';
      return;
    }
    const open = this.in('pending', 'busy', 'interrupted', 'staged').filter(({ phase }) => phase <= this.phase);
    if (open.length > 0) {
      this.phaseEndedAtMs = undefined;
      if (this.state === 'paused') return;
      const waiting = open.filter(({ state }) => state === 'pending' || state === 'staged');
      const ready = waiting.filter(this.mayPass);
      const busy = this.in('busy').length;
      if (busy === 0 && waiting.length > 0 && ready.length === 0) this.state = 'scheduled';
      for (const device of ready.slice(0, Math.max(0, this.concurrency - busy))) {
        device.from = device.state as Modelled['from'];
        device.state = 'busy';
      }
      return;
    }
    this.phaseEndedAtMs ??= this.nowMs;
    if (!phases || this.phase === this.phases - 1) {
      this.state = 'completed';
      return;
    }
    if (this.state === 'paused') return;
    if (this.isHeldBack(phases)) this.state = 'paused';
    else if (this.nowMs >= this.phaseEndedAtMs + phases.waitMs) this.advance();
  }

  isHeldBack({ successPercent, needsApproval }: NonNullable<Setting['rollout']>): boolean {
    const tried = this.in('succeeded', 'failed').filter(({ phase }) => phase === this.phase);
    const good = tried.filter(({ state }) => state === 'succeeded').length;
    return needsApproval || (tried.length > 0 && (good / tried.length) * 100 < successPercent);
  }

  advance(): void {
    this.phase += 1;
    this.phaseEndedAtMs = undefined;
    this.settle();
  }

  /** Whether a phase has ended and a person has to say what comes next. */
  get waitsForWord(): boolean {
    const { rollout: phases } = this.setting;
    const isThrough = this.devices.every(
      ({ phase, state }) => phase > this.phase || (state !== 'busy' && isFinal(state)),
    );
    const isLast = !phases || this.phase === this.phases - 1;
    return this.state === 'paused' && isThrough && !isLast && this.isHeldBack(phases);
  }
}

/** `PUSHROD_MODEL_RUNS=1000` looks longer. */
const runs = Number(process.env.PUSHROD_MODEL_RUNS ?? 60);

const fresh = () => mkdtempSync(join(tmpdir(), 'pushrod-model-'));

it('does what a plain model of it does, whatever people want and devices do', { timeout: 600_000 }, async () => {
  const dataDir = fresh();
  let nowMs = Date.parse('2026-11-25T00:00:00Z');
  const busy = new Map<string, PromiseWithResolvers<'finish' | 'fail'>>();
  const script: Script = async (job, observer, signal) => {
    const end = Promise.withResolvers<'finish' | 'fail'>();
    await observer.entering('connecting');
    if (signal.aborted) throw new PushrodError('CANCELLED', 'stopped');
    signal.addEventListener('abort', () => end.reject(new PushrodError('CANCELLED', 'stopped')));
    busy.set(job.host, end);
    const how = await end.promise.finally(() => busy.delete(job.host));
    if (how === 'fail') throw new PushrodError('AUTH_FAILED', 'refused');
    for (const step of ['preflight', 'transferring', 'verifying'] as const) await observer.entering(step);
    if (job.transport === 'ssh' && job.files[0]?.activateCommand !== undefined) await observer.entering('activating');
  };
  const open = () => openScripted(dataDir, { script, clock: { now: () => nowMs } });
  let bench = await open();
  onTestFinished(async () => {
    await bench.close();
    rmSync(dataDir, { recursive: true });
  });
  bench.profiles.set('flashed', profile.parse({ activateCommand: 'flash' }));
  const ids = Array.from({ length: 12 }, (_, index) => `d${String(index).padStart(2, '0')}`);
  await bench.devices.register(ids.map((id) => newDevice.parse({ id, name: id, address: `${id}.example` })));

  let steps = 0;
  const reached = new Set<string>();
  const run = async (given: Setting, wishes: Wish[]) => {
    const model = new Model(given, nowMs);
    const { phases, ...how } = given.rollout ?? { phases: [] };
    const id: UpdateId = await bench.updates.push(
      pushRequest.parse({
        firmware: bench.firmware.sha256,
        selection: { ids: ids.slice(0, given.devices) },
        concurrency: given.concurrency,
        maxFailures: given.maxFailures,
        ...(given.hasWindow && { windows: [window], profile: 'flashed' }),
        rollout: given.rollout && rollout.parse({ ...how, phases: phases.map((percent) => ({ upTo: { percent } })) }),
      }),
      'model',
    );
    const seen = () => {
      const { update, devices } = bench.updates.get(id);
      const states = devices.map(({ deviceId, state }) =>
        isFinal(state) || state === 'pending' || state === 'interrupted' || state === 'staged'
          ? state
          : busy.has(`${deviceId}.example`)
            ? 'busy'
            : '?',
      );
      return { state: update.state, phase: update.phase, devices: states };
    };
    const agree = () =>
      vi.waitFor(
        () => {
          const expected = model.devices.map(({ state }) => state);
          const found = seen();
          // Which of the pending ones are begun is the order in which they came to be so, which is not modelled.
          expect(found.devices.filter((state) => state === 'busy').length).toBe(model.in('busy').length);
          for (const [index, state] of found.devices.entries()) {
            const device = model.devices[index];
            const waits = device?.state === 'busy' ? device.from : device?.state;
            const isSwapped =
              device &&
              (waits === 'pending' || waits === 'staged') &&
              (state === waits || (state === 'busy' && model.mayPass(device)));
            if (isSwapped && device.phase <= model.phase) {
              device.from = waits;
              device.state = state as Modelled['state'];
            } else expect(state, `device ${index} of ${expected}`).toBe(expected[index]);
          }
          expect({ state: found.state, phase: found.phase }).toEqual({ state: model.state, phase: model.phase });
        },
        { timeout: 20_000, interval: 1 },
      );
    try {
      await agree();
      for (const one of wishes) {
        steps += 1;
        await carryOut(one, model, id);
        model.settle();
        await agree();
        for (const { state } of [model, ...model.devices]) reached.add(state);
      }
    } finally {
      await bench.updates.cancel(id, 'model');
    }
    expect(hasEnded(bench.updates.get(id).update.state)).toBe(true);
  };

  const wantedOf = async (model: Model, id: UpdateId, one: Wish): Promise<void> => {
    await bench.updates.control(id, 'model', async (it) => {
      switch (one.do) {
        case 'pause':
        case 'cut':
          return it.pause(one.do === 'cut' ? 'cut' : 'finish');
        case 'resume':
          return it.resume();
        case 'activate':
          return it.activate();
        case 'approve':
          return it.approve();
        case 'retry':
          return it.retry('failed');
        case 'limit':
          return it.setLimits({ concurrency: one.concurrency });
        case 'skip':
          return it.skip([`d${String(one.nth % model.devices.length).padStart(2, '0')}` as never]);
      }
    });
  };
  const carryOut = async (one: Wish, model: Model, id: UpdateId): Promise<void> => {
    const refused = expect.objectContaining({ code: 'CONFLICT' });
    const isRefused = () => expect(wantedOf(model, id, one)).rejects.toEqual(refused);
    const isRunning = model.state === 'running' || model.state === 'scheduled';
    switch (one.do) {
      case 'finish':
      case 'fail': {
        const [host, end] = [...busy][one.nth % Math.max(1, busy.size)] ?? [];
        if (!host || !end) return;
        const device = model.devices[Number(host.slice(1, 3))];
        if (device) device.state = one.do === 'fail' ? 'failed' : model.mayActivate(device) ? 'succeeded' : 'staged';
        return end.resolve(one.do);
      }
      case 'pause':
      case 'cut':
        if (!isRunning && model.state !== 'paused') return isRefused();
        model.state = 'paused';
        if (one.do === 'cut') for (const device of model.in('busy')) device.state = 'interrupted';
        break;
      case 'pass':
        nowMs += one.ms;
        model.nowMs = nowMs;
        return bench.updates.look();
      case 'resume':
        if (hasEnded(model.state) || model.waitsForWord) return isRefused();
        if (model.state === 'scheduled') break;
        model.state = 'running';
        for (const device of model.in('interrupted')) device.state = 'pending';
        break;
      case 'approve':
        if (model.state === 'running') break;
        if (!model.waitsForWord) return isRefused();
        model.state = 'running';
        model.advance();
        break;
      case 'retry':
        if (model.state === 'interrupted') return isRefused();
        if (model.in('failed').length === 0) break;
        model.state = 'running';
        for (const device of model.in('failed', 'interrupted')) device.state = 'pending';
        break;
      case 'activate': {
        const staged = model.in('staged');
        const isDone = staged.length === 0 || (model.state === 'running' && staged.every(({ isOrdered }) => isOrdered));
        if (model.isReleased && isDone) break;
        if (staged.length === 0 || !['scheduled', 'running', 'paused', 'completed'].includes(model.state)) {
          return isRefused();
        }
        model.isReleased = true;
        model.state = 'running';
        for (const device of staged) device.isOrdered = true;
        for (const device of model.in('interrupted')) device.state = 'pending';
        break;
      }
      case 'limit':
        model.concurrency = one.concurrency;
        break;
      case 'skip': {
        const device = model.devices[one.nth % model.devices.length];
        if (device && (device.state === 'busy' || !isFinal(device.state))) device.state = 'skipped';
        break;
      }
      case 'cancel':
        if (!hasEnded(model.state)) {
          for (const device of model.in('busy', 'pending', 'interrupted', 'staged')) device.state = 'cancelled';
          model.state = 'cancelled';
        }
        return bench.updates.cancel(id, 'model');
      case 'reopen':
        await bench.close();
        bench = await open();
        bench.updates.carryOn();
        for (const device of model.devices) device.isOrdered = false;
        if (model.state === 'running') {
          model.state = 'interrupted';
          for (const device of model.in('busy', 'pending')) device.state = 'interrupted';
        } else for (const device of model.in('busy')) device.state = 'interrupted';
        return;
    }
    await wantedOf(model, id, one);
  };

  await fc.assert(fc.asyncProperty(setting, fc.array(wish, { minLength: 10, maxLength: 60 }), run), {
    numRuns: runs,
    // A failure takes a while to be sure of; what is shorter is looked for by who looks longer.
    endOnFailure: process.env.PUSHROD_MODEL_RUNS === undefined,
  });
  expect(steps).toBeGreaterThan(10 * runs);
  expect([...reached]).toEqual(expect.arrayContaining(['scheduled', 'interrupted', 'paused', 'failed']));
});
