import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openScripted, type Script, succeed } from '../../../test/harness/scripted-updates.ts';
import { PushrodError } from '../../shared/errors.ts';
import {
  firmwareInfo,
  newDevice,
  type Schedule,
  type ScheduleRun,
  schedule,
  site,
  zone,
} from '../../shared/model/index.ts';
import { createScheduleStore } from './schedule-store.ts';
import { createSchedules, type Schedules, type SchedulesSources } from './schedules.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Midday, UTC. */
const startMs = Date.parse('2026-11-25T12:00:00Z');

let dataDir: string;
let bench: Awaited<ReturnType<typeof openScripted>>;
let schedules: Schedules;
let nowMs: number;
let script: Script;
let claim: SchedulesSources['devices']['claim'];
/** Times that the registry does not answer which devices there are. */
let outages: number;

async function open() {
  const clock = { now: () => nowMs };
  bench = await openScripted(dataDir, { script: (...call) => script(...call), clock });
  schedules = createSchedules({
    ...{ updates: bench.updates, firmware: bench.store, sites: bench.sites, clock },
    devices: {
      async select(...asked) {
        if (outages-- > 0) throw new PushrodError('REGISTRY_UNREACHABLE', 'away');
        return bench.devices.select(...asked);
      },
      claim: (...asked) => claim(...asked),
    },
    database: bench.folder.database,
    onChange: () => undefined,
  });
}
const close = async () => {
  await schedules.close();
  await bench.close();
};
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-schedules-'));
  [nowMs, script, claim, outages] = [startMs, succeed, async () => undefined, 0];
  await open();
  await bench.devices.register([newDevice.parse({ id: 'd0', name: 'd0', address: 'd0.example', model: 'GW-1' })]);
});
afterEach(async () => {
  await close();
  rmSync(dataDir, { recursive: true });
});

type Given = Omit<Partial<Schedule>, 'push' | 'starts'> & { starts?: object; push?: object };
const made = ({ push = {}, ...given }: Given = {}): Schedule =>
  schedule.parse({
    starts: { kind: 'cron', cron: '0 2 * * *', tz: 'UTC' },
    push: { firmware: bench.firmware.sha256, selection: { all: true }, ...push },
    ...given,
  });
const inWindow = { start: '0 2 * * *', end: '04:00', tz: zone.parse('Europe/Berlin'), cutoffMs: 30 * minuteMs };
const nightly = (given: Given = {}) => made({ starts: { kind: 'windows' }, windows: [inWindow], ...given });

/** Pushrod is open and awake, and looks at the clock. */
const itIs = (ms: number) => {
  nowMs = ms;
  schedules.look();
};
const runs = (name = 'nightly'): ScheduleRun[] => schedules.history(name, 1_000);
const states = (name?: string) => runs(name).map(({ state, count }) => (count === 1 ? state : `${count} ${state}`));
/** Without a timer: they may be held. */
const eventually = async (check: () => void) => {
  for (const endMs = performance.now() + 20_000; ; ) {
    try {
      return check();
    } catch (thrown) {
      if (performance.now() > endMs) throw thrown;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
};
/** No run is being begun, and all updates have ended. */
const settled = () =>
  vi.waitFor(
    () => {
      expect(states()).not.toContain('starting');
      expect(bench.updates.list().filter(({ state }) => state === 'running')).toEqual([]);
    },
    { timeout: 20_000, interval: 2 },
  );

describe('a schedule', () => {
  it('begins its run when it is due, by itself', async () => {
    await schedules.set('nightly', made());
    schedules.carryOn();
    expect(schedules.get('nightly')).toMatchObject({ isEnabled: true, nextRunAt: '2026-11-26T02:00:00.000Z', runs: 0 });
    itIs(startMs + 14 * hourMs - 1);
    expect(runs()).toEqual([]);
    itIs(startMs + 14 * hourMs);
    await settled();
    expect(runs()).toMatchObject([
      {
        dueAt: '2026-11-26T02:00:00.000Z',
        state: 'started',
        updates: [{ name: 'nightly 2026-11-26 02:00 UTC', state: 'completed' }],
      },
    ]);
    expect(schedules.get('nightly')).toMatchObject({ nextRunAt: '2026-11-27T02:00:00.000Z', runs: 1 });
    const [begun] = bench.updates.list();
    expect(bench.audit.list({ after: 0, limit: 10 }).find(({ subjectId }) => subjectId === begun?.id)).toMatchObject({
      actor: 'schedule nightly',
    });
  });

  it('rings on the timer, without being asked', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await schedules.set(
        'nightly',
        made({ starts: { kind: 'once', at: new Date(startMs + 5 * minuteMs).toISOString() } }),
      );
      schedules.carryOn();
      for (let step = 0; step < 10; step += 1) {
        nowMs += 30_000;
        vi.advanceTimersByTime(30_000);
        expect(runs()).toHaveLength(step < 9 ? 0 : 1);
      }
    } finally {
      vi.useRealTimers();
    }
    await settled();
    expect(states()).toEqual(['started']);
    expect(schedules.get('nightly').nextRunAt).toBeNull();
  });

  it('does nothing in a Pushrod that does not stay open, nor while it is disabled', async () => {
    await schedules.set('nightly', made());
    itIs(startMs + dayMs);
    expect(runs()).toEqual([]);
    schedules.carryOn();
    schedules.enable('nightly', false);
    const before = runs();
    itIs(startMs + 5 * dayMs);
    expect(runs()).toEqual(before);
    schedules.enable('nightly', true);
    schedules.look();
    expect(runs()).toEqual(before);
    expect(schedules.get('nightly').nextRunAt).toBe('2026-12-01T02:00:00.000Z');
  });

  it('ends after its last run, or its last day', async () => {
    await schedules.set('nightly', made({ maxRuns: 2 }));
    await schedules.set('until', made({ endsAt: '2026-11-27T02:00:00.000Z' }));
    schedules.carryOn();
    for (let day = 1; day <= 5; day += 1) {
      itIs(startMs - 10 * hourMs + day * dayMs);
      await settled();
      await vi.waitFor(() => expect(states('until')).not.toContain('starting'), 20_000);
    }
    expect(states()).toEqual(['started', 'started']);
    expect(states('until')).toEqual(['started', 'started']);
    expect(schedules.get('nightly').nextRunAt).toBeNull();
    expect(schedules.get('until').nextRunAt).toBeNull();
  });

  it('skips a run that would overlap its own last one, and says so', async () => {
    const held = Promise.withResolvers<void>();
    script = async (...call) => {
      await call[1].entering('connecting');
      await held.promise;
      await call[1].entering('preflight');
      for (const step of ['transferring', 'verifying'] as const) await call[1].entering(step);
    };
    await schedules.set('nightly', made());
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await vi.waitFor(() => expect(states()).toEqual(['started']), 20_000);
    await expect(schedules.runNow('nightly')).rejects.toMatchObject({ code: 'CONFLICT' });
    itIs(startMs + 38 * hourMs);
    await vi.waitFor(() => expect(states()).toEqual(['overlapped', 'started']), 20_000);
    expect(runs()[0]?.reason).toBe('"nightly 2026-11-26 02:00 UTC" of the run before is still running.');
    held.resolve();
    await settled();
    itIs(startMs + 62 * hourMs);
    await settled();
    expect(states()).toEqual(['started', 'overlapped', 'started']);
  });

  it('begins no burst after a sleep: what is over its grace was missed, and one of the rest begins', async () => {
    await schedules.set('nightly', made({ starts: { kind: 'cron', cron: '* * * * *', tz: 'UTC' } }));
    schedules.carryOn();
    itIs(startMs + 3 * hourMs + 30_000);
    await settled();
    expect(states()).toEqual(['started', '179 missed']);
    itIs(startMs + 2_000 * dayMs + 30_000);
    await settled();
    expect(states()).toEqual(['started', '999 missed', 'started', '179 missed']);
    expect(runs()[0]?.dueAt).toBe(new Date(startMs + 2_000 * dayMs).toISOString());
  });

  it('runs late within its grace only', async () => {
    await schedules.set('nightly', made({ graceMs: hourMs }));
    schedules.carryOn();
    itIs(startMs + 15 * hourMs);
    await settled();
    itIs(startMs + 39 * hourMs + 1);
    await settled();
    expect(states()).toEqual(['missed', 'started']);
  });

  it('runs no second time when the clock is set back, and in its turn when it had been set ahead', async () => {
    await schedules.set('nightly', made());
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    itIs(startMs + 13 * hourMs);
    itIs(startMs + 14 * hourMs);
    await settled();
    expect(states()).toEqual(['started']);
    itIs(startMs + 37 * hourMs + 1_000 * dayMs);
    itIs(startMs + 37 * hourMs);
    itIs(startMs + 38 * hourMs);
    await settled();
    expect(runs()).toMatchObject([
      { state: 'missed' },
      { dueAt: '2026-11-27T02:00:00.000Z', state: 'started' },
      { state: 'started' },
    ]);
  });

  it('has its run on record before its pushes, which a crash in between repeats for none', async () => {
    await schedules.set('nightly', made());
    const { id } = createScheduleStore(bench.folder.database).get('nightly');
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    const [update] = bench.updates.list();
    // As if Pushrod had been killed right after the push.
    const store = createScheduleStore(bench.folder.database);
    const [run] = store.runs('nightly', 1);
    if (!run) throw new Error('no run');
    store.record('nightly', [{ ...run, state: 'starting', updateIds: [] }]);
    await close();
    await open();
    schedules.carryOn();
    await settled();
    expect(bench.updates.list().map((one) => one.id)).toEqual([update?.id]);
    expect(runs()).toMatchObject([{ state: 'started', updates: [{ id: update?.id }] }]);
    expect(createScheduleStore(bench.folder.database).get('nightly').id).toBe(id);
  });

  it('begins a run that was cut off before its push, if it may still begin', async () => {
    await schedules.set('nightly', made());
    const record = (dueMs: number) =>
      createScheduleStore(bench.folder.database).record(
        'nightly',
        [{ dueMs, state: 'starting', reason: null, count: 1, updateIds: [], at: new Date(dueMs).toISOString() }],
        dueMs,
      );
    record(startMs + 14 * hourMs);
    nowMs = startMs + 14 * hourMs + 5 * minuteMs;
    schedules.carryOn();
    await settled();
    expect(states()).toEqual(['started']);
  });

  it('leaves out a run that was cut off before its push once it is too late, or nobody wants it any more', async () => {
    await schedules.set('nightly', made());
    await schedules.set('off', made());
    schedules.enable('off', false);
    const dueMs = startMs + 14 * hourMs;
    const at = new Date(dueMs).toISOString();
    const store = createScheduleStore(bench.folder.database);
    for (const name of ['nightly', 'off']) {
      store.record(name, [{ dueMs, state: 'starting', reason: null, count: 1, updateIds: [], at }]);
    }
    nowMs = dueMs + 2 * hourMs;
    schedules.carryOn();
    await settled();
    await vi.waitFor(() => expect(states('off')).toEqual(['missed']), 20_000);
    expect(states()).toEqual(['missed']);
    expect(bench.updates.list()).toEqual([]);
  });

  it('puts on record what came of a run as soon as the disk takes it again', async () => {
    await schedules.set('nightly', made());
    const { database } = bench.folder;
    database.exec(`CREATE TRIGGER full BEFORE INSERT ON schedule_runs WHEN new.state = 'started'
      BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const said = vi.spyOn(console, 'error').mockReturnValue();
    try {
      schedules.carryOn();
      itIs(startMs + 14 * hourMs);
      await eventually(() => expect(said).toHaveBeenCalledTimes(1));
      expect(states()).toEqual(['starting']);
      database.exec('DROP TRIGGER full');
      // By now it would be too late to begin it.
      nowMs += hourMs;
      vi.advanceTimersByTime(30_000);
      await eventually(() => expect(states()).toEqual(['started']));
    } finally {
      vi.useRealTimers();
      said.mockRestore();
    }
    expect(runs()[0]?.updates).toHaveLength(1);
    expect(bench.updates.list()).toHaveLength(1);
  });

  it('begins one run when it is run twice at once', async () => {
    await schedules.set('nightly', made());
    const held = Promise.withResolvers<void>();
    script = () => held.promise;
    const asked = await Promise.allSettled([schedules.runNow('nightly'), schedules.runNow('nightly')]);
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(states()).toEqual(['started']);
    expect(bench.updates.list()).toHaveLength(1);
    held.resolve();
  });

  it('leaves no timer behind of a run that begins while Pushrod is closed', async () => {
    claim = async () => {
      throw new PushrodError('REGISTRY_UNREACHABLE', 'away');
    };
    await schedules.close();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const before = vi.getTimerCount();
      await bench.close();
      await open();
      await schedules.set('nightly', made());
      schedules.carryOn();
      itIs(startMs + 14 * hourMs);
      await schedules.close();
      expect(vi.getTimerCount()).toBe(before);
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells what came of it the last time, and what it means before it is there', async () => {
    const { starts, windows, blackouts } = nightly();
    expect(
      schedules.preview({ schedule: { starts, windows, blackouts }, localZone: zone.parse('Asia/Tokyo'), count: 2 }),
    ).toMatchObject({
      description: expect.stringMatching(
        /^Every day at 02:00 in Berlin, until 04:00;.*02:00 to 04:00 \(Thu 26 Nov 2026 10:00 to 12:00 here\)$/,
      ),
      runs: ['2026-11-26T01:00:00.000Z', '2026-11-27T01:00:00.000Z'],
      clockChanges: [expect.stringContaining('one hour'), expect.stringContaining('three hours')],
    });
    expect((await schedules.set('nightly', made())).lastRun).toBeNull();
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    itIs(startMs + 40 * hourMs);
    await settled();
    const [missed, started] = runs();
    expect(started?.state).toBe('started');
    expect(schedules.get('nightly').lastRun).toEqual(missed);
    expect(missed?.state).toBe('missed');
  });

  it('says why a run could not begin', async () => {
    await schedules.set('nightly', made({ push: { selection: { filter: { location: ['Roof'] } } } }));
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    expect(runs()).toMatchObject([
      { state: 'failed', reason: 'No device matches the selection; nothing was pushed.', updates: [] },
    ]);
  });

  it('is refused where a run would be, but not for devices or firmware that may still come', async () => {
    const stranger = { push: { profile: 'stranger' } };
    await expect(schedules.set('nightly', made(stranger))).rejects.toMatchObject({ code: 'PROFILE_NOT_FOUND' });
    const unknown = { push: { firmware: 'a'.repeat(64) } };
    await expect(schedules.set('nightly', made(unknown))).rejects.toMatchObject({ code: 'FIRMWARE_NOT_FOUND' });
    expect(schedules.list()).toEqual([]);
    await schedules.set('nightly', made({ push: { selection: { filter: { location: ['Roof'] } } } }));
    await schedules.set('later', made({ push: { firmware: 'latest' } }));
    expect(schedules.list()).toHaveLength(2);
  });

  it('is refused with the field in error, and then the old one stays', async () => {
    await schedules.set('nightly', made());
    const bad = made({ starts: { kind: 'cron', cron: '0 25 * * *', tz: 'UTC' } });
    await expect(schedules.set('nightly', bad)).rejects.toMatchObject({ details: [{ field: 'hour' }] });
    expect(schedules.get('nightly').nextRunAt).toBe('2026-11-26T02:00:00.000Z');
    expect(() => schedules.get('weekly')).toThrow(expect.objectContaining({ code: 'SCHEDULE_NOT_FOUND' }));
  });

  it('names the zone that a window cannot be in, not its end', () => {
    const windows = [{ ...inWindow, tz: 'Europe/Berln' }];
    const read = schedule.safeParse({ ...nightly(), windows });
    expect(read.error?.issues).toMatchObject([
      { path: ['windows', 0, 'tz'], message: '"Europe/Berln" is no time zone; did you mean Europe/Berlin?' },
    ]);
    expect(schedule.parse({ ...nightly(), windows: [{ ...inWindow, tz: 'europe/berlin' }] }).windows[0]?.tz).toBe(
      'Europe/Berlin',
    );
  });

  it('is gone with its history when it is removed, and comes back as a new one', async () => {
    await schedules.set('nightly', made());
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    schedules.remove('nightly');
    expect(schedules.list()).toEqual([]);
    itIs(startMs + 38 * hourMs);
    await schedules.set('nightly', made());
    expect(runs()).toEqual([]);
    expect(bench.updates.list()).toHaveLength(1);
  });
});

describe('the newest firmware for each model', () => {
  const add = async (version: string, models: string[], text: string) => {
    async function* bytes() {
      yield Buffer.from(text);
    }
    return bench.store.add(bytes(), firmwareInfo.parse({ fileName: `fw-${version}.bin`, version, models }));
  };

  it('is pushed to the devices of that model, and who has none is named', async () => {
    const old = await add('1.9', ['GW-1'], 'old');
    const newest = await add('1.10', ['GW-1', 'GW-2'], 'new');
    const other = await add('3.0', ['CAM'], 'cam');
    await bench.devices.register(
      ['GW-2', 'CAM', 'PLC'].map((model) =>
        newDevice.parse({ id: model, name: model, address: `${model}.example`, model }),
      ),
    );
    await schedules.set('nightly', made({ push: { firmware: 'latest' } }));
    expect([old, newest, other].every(({ sha256 }) => schedules.needs(sha256) === undefined)).toBe(true);
    const run = await schedules.runNow('nightly');
    await settled();
    expect(run).toMatchObject({
      state: 'started',
      reason: 'The library has no firmware that names the model of 1 device (PLC).',
    });
    const pushed = run.updates.map(({ id }) => {
      const { update, devices } = bench.updates.get(id);
      return [update.firmware[0]?.version, devices.map(({ deviceId }) => String(deviceId)).sort()];
    });
    expect(pushed.sort()).toEqual([
      ['1.10', ['GW-2', 'd0']],
      ['3.0', ['CAM']],
    ]);
  });

  it('is what it was for a run that is cut off while it begins: no device gets two', async () => {
    await add('1.9', ['GW-1'], 'old');
    await schedules.set('nightly', made({ push: { firmware: 'latest' } }));
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    const store = createScheduleStore(bench.folder.database);
    const [run] = store.runs('nightly', 1);
    if (!run) throw new Error('no run');
    store.record('nightly', [{ ...run, state: 'starting' }]);
    await add('1.10', ['GW-1'], 'new');
    await close();
    await open();
    schedules.carryOn();
    await settled();
    expect(runs()).toMatchObject([{ state: 'started', updates: [{ name: 'nightly 2026-11-26 02:00 UTC 1.9' }] }]);
    expect(bench.updates.list()).toHaveLength(1);
  });

  it('is nothing where no firmware names a model', async () => {
    await schedules.set('nightly', made({ push: { firmware: 'latest' } }));
    expect(await schedules.runNow('nightly')).toMatchObject({ state: 'failed', updates: [] });
  });
});

it('keeps the firmware that a schedule is to push', async () => {
  await schedules.set('nightly', made());
  expect(schedules.needs(bench.firmware.sha256)).toBe('nightly');
});

describe('windows', () => {
  it('begin a run as they open, of a laptop that wakes up until the cutoff', async () => {
    await schedules.set('nightly', nightly());
    schedules.carryOn();
    const opensMs = startMs + 13 * hourMs;
    itIs(opensMs);
    await settled();
    itIs(opensMs + dayMs + 89 * minuteMs);
    await settled();
    itIs(opensMs + 2 * dayMs + 90 * minuteMs);
    await settled();
    expect(states()).toEqual(['missed', 'started', 'started']);
  });

  it('of several, each begins its run; blackout dates begin none', async () => {
    const evening = { ...inWindow, start: '0 20 * * *', end: '22:00' };
    await schedules.set('nightly', nightly({ windows: [inWindow, evening], blackouts: [{ date: '2026-11-26' }] }));
    expect(schedules.next('nightly', undefined, 4).runs).toEqual([
      '2026-11-25T19:00:00.000Z',
      '2026-11-27T01:00:00.000Z',
      '2026-11-27T19:00:00.000Z',
      '2026-11-28T01:00:00.000Z',
    ]);
  });

  it('that follow the sites begin one run, with the site whose day begins first', async () => {
    for (const [location, tz] of [
      ['Denver', 'America/Denver'],
      ['Tokyo', 'Asia/Tokyo'],
    ] as const) {
      bench.sites.set({ location, zone: zone.parse(tz), blackouts: [] });
    }
    await bench.devices.update('d0' as never, { location: 'Denver' });
    const bySite = { ...inWindow, tz: 'site' as const };
    await schedules.set('nightly', nightly({ windows: [bySite] }));
    schedules.carryOn();
    expect(schedules.next('nightly', undefined, 2).runs).toEqual([
      '2026-11-25T17:00:00.000Z',
      '2026-11-26T17:00:00.000Z',
    ]);
    // Tokyo's night is over as the laptop wakes up; Denver's is still to come.
    itIs(Date.parse('2026-11-25T22:00:00Z'));
    await vi.waitFor(() => expect(states()).toEqual(['started']), 20_000);
    expect(bench.updates.list()[0]).toMatchObject({ state: 'scheduled', opensAt: '2026-11-26T09:00:00.000Z' });
  });

  it('that follow the sites tell for each what its clock does to them', async () => {
    for (const [location, tz] of [
      ['Hall 1', 'Europe/Berlin'],
      ['Roof', 'Asia/Tokyo'],
    ] as const)
      bench.sites.set({ location, zone: zone.parse(tz), blackouts: [] });
    const times = nightly({ windows: [{ ...inWindow, tz: 'site' }] });
    const { clockChanges } = schedules.preview({
      schedule: { starts: times.starts, windows: times.windows, blackouts: [] },
      count: 1,
    });
    expect(clockChanges).toEqual([
      expect.stringMatching(/^Berlin: .*one hour as clocks go forward$/),
      expect.stringMatching(/^Berlin: .*three hours as clocks go back$/),
    ]);
  });

  it('of a site need one that has a time zone', async () => {
    const bySite = { ...inWindow, tz: 'site' as const };
    await expect(schedules.set('nightly', nightly({ windows: [bySite] }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('no location has a time zone yet'),
    });
  });

  it('of the sites stand still when the last site is removed, and go on with the next', async () => {
    bench.sites.set({ location: 'Roof', zone: zone.parse('Asia/Tokyo'), blackouts: [] });
    await bench.devices.update('d0' as never, { location: 'Roof' });
    await schedules.set('nightly', nightly({ windows: [{ ...inWindow, tz: 'site' as const }] }));
    bench.sites.remove('Roof');
    schedules.look();
    expect(schedules.get('nightly').nextRunAt).toBeNull();
    await close();
    await open();
    expect(schedules.get('nightly').nextRunAt).toBeNull();
    bench.sites.set({ location: 'Roof', zone: zone.parse('Asia/Tokyo'), blackouts: [] });
    schedules.look();
    expect(schedules.get('nightly').nextRunAt).toBe('2026-11-25T17:00:00.000Z');
  });
});

it('in a year of nights with sleep at random hours, begins at most one run a night, each in its window, and records the rest as missed', async () => {
  await schedules.set('nightly', nightly());
  schedules.carryOn();
  let seed = 20261125;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const store = createScheduleStore(bench.folder.database);
  const lastSettled = () =>
    vi.waitFor(
      () => {
        const [id] = store.runs('nightly', 1)[0]?.updateIds ?? [];
        expect(id && bench.updates.find(id)?.state).toBe('completed');
      },
      { timeout: 20_000, interval: 2 },
    );
  const nights = schedules.next('nightly', undefined, 365).runs;
  const endMs = Date.parse(nights.at(-1) ?? '') + 12 * hourMs;
  for (let atMs = startMs; atMs < endMs; ) {
    const isAsleep = random() < 0.05;
    atMs = Math.min(endMs, atMs + random() * (isAsleep ? 9 * hourMs : 50 * minuteMs));
    itIs(atMs);
    if (store.runs('nightly', 1)[0]?.state === 'starting') await lastSettled();
  }
  const begun = bench.updates.list().map(({ createdAt }) => createdAt);
  const inItsWindow = (openedAt: string, at: string) => {
    const lateMs = Date.parse(at) - Date.parse(openedAt);
    return lateMs >= 0 && lateMs < 3 * hourMs - 30 * minuteMs;
  };
  const perNight = nights.map((night) => begun.filter((at) => inItsWindow(night, at)).length);
  expect(Math.max(...perNight)).toBe(1);
  expect(begun).toHaveLength(perNight.filter((count) => count === 1).length);
  const missed = runs().filter(({ state }) => state === 'missed');
  expect(missed.length).toBeGreaterThan(20);
  expect(begun.length + missed.reduce((sum, { count }) => sum + count, 0)).toBe(365);
});

describe('the calendar', () => {
  it('has the windows of the days to come, for each site by its clock and holidays, and runs without an end', async () => {
    bench.sites.set(site.parse({ location: 'Hall 1', zone: 'Europe/Berlin', blackouts: [{ date: '2026-11-27' }] }));
    bench.sites.set(site.parse({ location: 'Roof', zone: 'Asia/Tokyo', blackouts: [] }));
    const window = { start: '0 2 * * *', end: '04:00', tz: 'site' };
    await schedules.set(
      'by-site',
      made({
        ...{ starts: { kind: 'windows' }, windows: [window] as Schedule['windows'] },
        push: { selection: { filter: { location: ['Roof'] } } },
      }),
    );
    await schedules.set('nightly', made({ endsAt: '2026-11-26T12:00:00.000Z' }));
    await schedules.set('off', made());
    schedules.enable('off', false);
    const opens = (times: { opensAt: string }[]) => times.map(({ opensAt }) => opensAt.slice(0, 16));
    const { entries, hasMore } = schedules.calendar(undefined, 3);
    expect(entries.map(({ name, zone, location, times }) => [name, location, zone, opens(times)])).toEqual([
      ['by-site', 'Hall 1', 'Europe/Berlin', ['2026-11-26T01:00', '2026-11-28T01:00']],
      ['by-site', 'Roof', 'Asia/Tokyo', ['2026-11-25T17:00', '2026-11-26T17:00', '2026-11-27T17:00']],
      ['nightly', null, 'UTC', ['2026-11-26T02:00']],
    ]);
    expect(entries[0]?.times[0]?.closesAt).toBe('2026-11-26T03:00:00.000Z');
    expect(entries[2]?.times[0]?.closesAt).toBeNull();
    expect(hasMore).toBe(false);
  });
});

describe('benches that share a registry', () => {
  it('leave a run to the one that has it', async () => {
    claim = async () => 'bench-2';
    await schedules.set('nightly', made());
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    expect(runs()).toMatchObject([{ state: 'elsewhere', reason: 'It was begun by bench-2.' }]);
    expect(bench.updates.list()).toEqual([]);
  });

  it('begin nothing after the registry comes back that was removed meanwhile', async () => {
    const asked = Promise.withResolvers<void>();
    let isAway = true;
    claim = async () => {
      asked.resolve();
      if (isAway) throw new PushrodError('REGISTRY_UNREACHABLE', 'away');
      return undefined;
    };
    await schedules.set('nightly', made());
    await schedules.set('off', made());
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await asked.promise;
    schedules.remove('nightly');
    schedules.enable('off', false);
    isAway = false;
    await vi.waitFor(() => expect(states('off')).toEqual(['missed']), 20_000);
    expect(bench.updates.list()).toEqual([]);
  });

  it('ask again where the registry goes away after a run was taken', async () => {
    await schedules.set('nightly', made({ push: { firmware: 'latest' } }));
    async function* bytes() {
      yield Buffer.from('new');
    }
    await bench.store.add(bytes(), firmwareInfo.parse({ fileName: 'new.bin', version: '3.0', models: ['GW-1'] }));
    outages = 1;
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await settled();
    expect(states()).toEqual(['started']);
  });

  it('ask again while the registry cannot be reached, as long as the run may begin', async () => {
    let asked = 0;
    claim = async () => {
      asked += 1;
      nowMs += 10 * minuteMs;
      throw new PushrodError('REGISTRY_UNREACHABLE', 'away');
    };
    await schedules.set('nightly', made());
    schedules.carryOn();
    itIs(startMs + 14 * hourMs);
    await vi.waitFor(() => expect(states()).toEqual(['missed']), 60_000);
    expect(asked).toBeGreaterThan(1);
    expect(runs()[0]?.reason).toBe('The shared registry could not be reached in time.');
  });
});
