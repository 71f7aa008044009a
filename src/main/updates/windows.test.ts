import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failWith, openScripted, type Script } from '../../../test/harness/scripted-updates.ts';
import { PushrodError } from '../../shared/errors.ts';
import {
  newDevice,
  type PushRequest,
  profile,
  pushRequest,
  siteWindow,
  type UpdateId,
  zone,
} from '../../shared/model/index.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** 02:00 in Berlin. */
const nightMs = Date.parse('2026-11-26T01:00:00.000Z');
const nightly = siteWindow.parse({ start: '0 2 * * *', end: '04:00', tz: 'Europe/Berlin', cutoffMs: 15 * minuteMs });

let dataDir: string;
let bench: Awaited<ReturnType<typeof openScripted>>;
let nowMs: number;
/** What happened on the devices, in its order: when, which and what. */
let log: { atMs: number; name: string; what: string }[];
/** Devices that wait at the end of their transfer until they are let go. */
let held: Map<string, PromiseWithResolvers<void>>;
let hasHold: (name: string) => boolean;
let scripts: Record<string, Script>;

const script: Script = async (job, observer, signal) => {
  const name = job.host.replace('.example', '');
  const happens = (what: string) => log.push({ atMs: nowMs, name, what });
  happens('begun');
  const scripted = scripts[name];
  if (scripted) return scripted(job, observer, signal);
  const isHttp = job.transport === 'http';
  await observer.entering('connecting');
  await observer.entering('preflight');
  const method = isHttp ? 'http' : 'sftp';
  await observer.entering('transferring', { method, resumedFrom: 0, unchangedBytes: 0 });
  const isInPlace = !isHttp && job.mayBeInPlace && log.some((one) => one.name === name && one.what === 'in place');
  if (!isInPlace) {
    happens('sends');
    if (hasHold(name)) {
      const hold = Promise.withResolvers<void>();
      held.set(name, hold);
      const stopped = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new PushrodError('CANCELLED', 'stopped'))),
      );
      await Promise.race([hold.promise, stopped]);
    }
  }
  happens(isHttp ? 'activates' : 'in place');
  await observer.entering('verifying');
  if (isHttp || job.stageOnly) return;
  await observer.entering('activating');
  happens('activates');
};

async function open() {
  bench = await openScripted(dataDir, { script, clock: { now: () => nowMs } });
  bench.profiles.set('flashed', profile.parse({ credential: 'bench', activateCommand: 'flash' }));
  bench.profiles.set('web', profile.parse({ transport: 'http', http: { path: '/upload' } }));
}
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-windows-'));
  [nowMs, log, held, hasHold, scripts] = [nightMs, [], new Map(), () => false, {}];
  await open();
});
afterEach(async () => {
  await bench.close();
  rmSync(dataDir, { recursive: true });
});

const register = (count: number, given: object = {}) =>
  bench.devices.register(
    Array.from({ length: count }, (_, index) =>
      newDevice.parse({
        id: `d${index}`,
        name: `d${index}`,
        address: `d${index}.example`,
        profile: 'flashed',
        ...given,
      }),
    ),
  );
const push = (given: Partial<PushRequest> = {}) =>
  bench.updates.push(
    pushRequest.parse({ firmware: bench.firmware.sha256, selection: { all: true }, windows: [nightly], ...given }),
    'me (terminal)',
  );
/** The clock shows another time, and who waits for one looks at it. */
const itIs = (ms: number) => {
  nowMs = ms;
  bench.updates.look();
};
const updateNow = (id: UpdateId) => bench.updates.get(id).update;
const eventually = (check: () => void) => vi.waitFor(check, 20_000);
const becomes = (id: UpdateId, state: string, more: object = {}) =>
  eventually(() => expect(updateNow(id)).toMatchObject({ state, ...more }));
const named = (what: string) => log.filter((one) => one.what === what);
const letGo = (name: string) => {
  held.get(name)?.resolve();
  held.delete(name);
};

describe('a window', () => {
  it('that closes in the middle of a push to 100 devices begins none after its cutoff, activates none after its end, and goes on the next night', async () => {
    await register(100);
    // The first forty go through; the next ten are on their way as the window comes to its end.
    hasHold = (name) => Number(name.slice(1)) >= 40 && nowMs < nightMs + dayMs;
    const id = await push({ concurrency: 10 });
    await eventually(() => expect(held.size).toBe(10));
    await becomes(id, 'running', { counts: { succeeded: 40, transferring: 10, pending: 50 } });

    itIs(nightMs + 105 * minuteMs);
    const early = [...held.keys()].slice(0, 5);
    for (const name of early) letGo(name);
    await becomes(id, 'running', { counts: { succeeded: 45, transferring: 5, pending: 50 } });

    itIs(nightMs + 120 * minuteMs);
    const late = [...held.keys()];
    for (const name of late) letGo(name);
    await becomes(id, 'scheduled', {
      counts: { succeeded: 45, staged: 5, pending: 50 },
      reason: 'The next window opens at 2026-11-27T01:00:00.000Z.',
      opensAt: '2026-11-27T01:00:00.000Z',
    });
    expect(named('begun').filter(({ atMs }) => atMs >= nightMs + 105 * minuteMs)).toEqual([]);
    expect(named('activates').filter(({ atMs }) => atMs >= nightMs + 120 * minuteMs)).toEqual([]);

    // Pushrod was closed and opened again during the day.
    await bench.close();
    itIs(nightMs + 600 * minuteMs);
    await open();
    bench.updates.carryOn();
    expect(updateNow(id)).toMatchObject({ state: 'scheduled', counts: { succeeded: 45, staged: 5, pending: 50 } });

    itIs(nightMs + dayMs);
    await becomes(id, 'completed', { counts: { succeeded: 100 } });
    for (const name of late) {
      expect(named('sends').filter((one) => one.name === name)).toHaveLength(1);
      expect(named('activates').filter((one) => one.name === name)).toEqual([{ atMs: nowMs, name, what: 'activates' }]);
    }
    expect(named('activates')).toHaveLength(100);
  });

  it('is waited for by a push that begins outside it', async () => {
    await register(2);
    nowMs = nightMs - minuteMs;
    const id = await push();
    expect(updateNow(id)).toMatchObject({ state: 'scheduled', opensAt: '2026-11-26T01:00:00.000Z' });
    itIs(nightMs - 1);
    expect(log).toEqual([]);
    itIs(nightMs);
    await becomes(id, 'completed');
  });

  it('cuts an upload over HTTP off at its end, as the device would activate it, and begins it anew', async () => {
    await register(2, { profile: 'web' });
    hasHold = () => nowMs < nightMs + dayMs;
    const id = await push({ concurrency: 1 });
    await eventually(() => expect(held.size).toBe(1));
    itIs(nightMs + 120 * minuteMs);
    await becomes(id, 'scheduled', { counts: { pending: 2 } });
    expect(bench.updates.get(id).devices[0]?.message).toBe('Its window closed before it had all.');
    expect(named('activates')).toEqual([]);
    itIs(nightMs + dayMs);
    await becomes(id, 'completed', { counts: { succeeded: 2 } });
  });

  it('notices its end by itself, also where nothing else happens meanwhile', async () => {
    await register(1, { profile: 'web' });
    hasHold = () => true;
    nowMs = nightMs + 120 * minuteMs - 500;
    const id = await push({ windows: [{ ...nightly, cutoffMs: 400 }] });
    await eventually(() => expect(held.size).toBe(1));
    nowMs = nightMs + 120 * minuteMs;
    await becomes(id, 'scheduled', { counts: { pending: 1 } });
  });

  it('lets a device that has been sent all come to its end, as it activates that by itself', async () => {
    await register(2, { profile: 'web' });
    const answers = Promise.withResolvers<void>();
    scripts.d0 = async (job, observer, signal) => {
      await observer.entering('connecting');
      await observer.entering('preflight');
      await observer.entering('transferring', { method: 'http', resumedFrom: 3, unchangedBytes: 0 });
      observer.progress((job.files[0]?.firmware.sizeBytes ?? 0) - 3);
      await Promise.race([answers.promise, new Promise((_, reject) => signal.addEventListener('abort', reject))]);
      await observer.entering('verifying');
    };
    const id = await push({ concurrency: 1 });
    await becomes(id, 'running', { counts: { transferring: 1, pending: 1 } });
    itIs(nightMs + 120 * minuteMs);
    answers.resolve();
    await becomes(id, 'scheduled', { counts: { succeeded: 1, pending: 1 } });
  });

  it('has a device confirmed that took its last bytes as it was cut off', async () => {
    bench.profiles.set(
      'web',
      profile.parse({ transport: 'http', http: { path: '/upload' }, confirmTimeoutMs: 5_000, rebootExpected: false }),
    );
    await register(1, { profile: 'web' });
    const confirmed: boolean[] = [];
    scripts.d0 = async (job, observer, signal) => {
      confirmed.push(job.isActivated);
      if (job.isActivated) return observer.entering('confirming');
      await observer.entering('connecting');
      await observer.entering('preflight');
      await observer.entering('transferring', { method: 'http', resumedFrom: 0, unchangedBytes: 0 });
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      // It was sent before the word to stop came.
      await observer.entering('confirming');
      throw new PushrodError('CANCELLED', 'stopped');
    };
    const id = await push();
    await becomes(id, 'running', { counts: { transferring: 1 } });
    itIs(nightMs + 120 * minuteMs);
    await becomes(id, 'completed', { counts: { succeeded: 1 } });
    expect(confirmed).toEqual([false, true]);
  });

  it('is over for a device whose turn at its address comes after the end only', async () => {
    await register(2, { address: 'shared.example' });
    const busy = Promise.withResolvers<void>();
    scripts.shared = async (_, observer) => {
      await observer.entering('connecting');
      await busy.promise;
      throw new PushrodError('AUTH_FAILED', 'refused');
    };
    await push({ windows: [], selection: { ids: ['d0' as never] } });
    await eventually(() => expect(named('begun')).toHaveLength(1));
    const id = await push({ selection: { ids: ['d1' as never] } });
    await eventually(() => expect(bench.updates.get(id).devices[0]?.message).toContain('another push'));
    itIs(nightMs + 180 * minuteMs);
    busy.resolve();
    await becomes(id, 'scheduled', { counts: { pending: 1 } });
    expect(bench.updates.get(id).devices[0]).toMatchObject({
      errorCode: null,
      message: 'It goes on when its window opens.',
    });
  });

  it('begins no upload over HTTP that comes to its start after the end', async () => {
    await register(1, { profile: 'web' });
    const connected = Promise.withResolvers<void>();
    scripts.d0 = async (...call) => {
      const [, observer] = call;
      await observer.entering('connecting');
      await observer.entering('preflight');
      await connected.promise;
      await observer.entering('transferring', { method: 'http', resumedFrom: 0, unchangedBytes: 0 });
    };
    const id = await push();
    await becomes(id, 'running', { counts: { preflight: 1 } });
    itIs(nightMs + 121 * minuteMs);
    connected.resolve();
    await becomes(id, 'scheduled', { counts: { pending: 1 } });
    expect(bench.updates.get(id).devices[0]).toMatchObject({
      errorCode: null,
      message: 'It goes on when its window opens.',
    });
  });

  it('is no time for another try once its cutoff has passed', async () => {
    await register(1);
    scripts.d0 = async (_, observer) => {
      await observer.entering('connecting');
      nowMs = nightMs + 110 * minuteMs;
      throw new PushrodError('CONNECTION_LOST', 'cut');
    };
    const id = await push({ retries: 5 });
    await becomes(id, 'scheduled', { counts: { pending: 1 } });
    expect(bench.updates.get(id).devices[0]).toMatchObject({
      attempt: 1,
      message: expect.stringContaining('tried again when its window opens'),
    });
    scripts = {};
    itIs(nightMs + dayMs);
    await becomes(id, 'completed', { counts: { succeeded: 1 } });
  });

  it('does not come on a blacked-out day', async () => {
    await register(1);
    nowMs = nightMs - minuteMs;
    const id = await push({ blackouts: [{ date: '2026-11-26' }] });
    expect(updateNow(id).opensAt).toBe('2026-11-27T01:00:00.000Z');
    itIs(nightMs);
    expect(updateNow(id).state).toBe('scheduled');
    itIs(nightMs + dayMs);
    await becomes(id, 'completed');
  });

  it('that is over for good pauses the push, which says so', async () => {
    await register(1);
    const id = await push({ windows: [{ ...nightly, start: '0 2 26 11 *' }], blackouts: everyYear(2026, 2999) });
    await becomes(id, 'paused', { reason: 'No update window comes any more.' });
  });

  it('is refused with the field in error when it cannot be read', async () => {
    await register(1);
    const asked = push({ windows: [{ ...nightly, start: '0 25 * * *' }] });
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'hour' }] });
    expect(bench.updates.list()).toEqual([]);
  });
});

const everyYear = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ date: `${from + index}-11-26` }));

describe('staging ahead', () => {
  it('brings the files at any time and activates them in the window, without sending them again', async () => {
    await register(3);
    nowMs = nightMs - 600 * minuteMs;
    const id = await push({ stageOnly: true });
    await becomes(id, 'scheduled', { counts: { staged: 3 }, opensAt: '2026-11-26T01:00:00.000Z' });
    itIs(nightMs);
    await becomes(id, 'completed', { counts: { succeeded: 3 } });
    expect(named('sends')).toHaveLength(3);
    expect(named('activates').map(({ atMs }) => atMs)).toEqual([nightMs, nightMs, nightMs]);
  });

  it('ends early for what is staged when a person says so; the rest still waits for the window', async () => {
    await register(2);
    nowMs = nightMs - 600 * minuteMs;
    scripts.d1 = failWith('AUTH_FAILED');
    const id = await push({ stageOnly: true });
    await becomes(id, 'scheduled', { counts: { staged: 1, failed: 1 } });
    await bench.updates.control(id, 'me (terminal)', (it) => it.activate());
    await becomes(id, 'completed', { counts: { succeeded: 1, failed: 1 } });
    expect(named('activates')).toEqual([{ atMs: nowMs, name: 'd0', what: 'activates' }]);
  });
});

describe('windows that follow their sites', () => {
  beforeEach(async () => {
    for (const [location, tz] of [
      ['Tokyo', 'Asia/Tokyo'],
      ['Berlin', 'Europe/Berlin'],
      ['Denver', 'America/Denver'],
    ]) {
      bench.sites.set({ location: location as string, zone: zone.parse(tz), blackouts: [] });
      const name = location?.toLowerCase();
      await bench.devices.register([
        newDevice.parse({ id: name, name, address: `${name}.example`, profile: 'flashed', location }),
      ]);
    }
  });
  const bySite = siteWindow.parse({ start: '0 2 * * *', end: '04:00', tz: 'site' });

  it('open for one after the other, by the clock on the wall of each', async () => {
    nowMs = Date.parse('2026-11-25T12:00:00Z');
    const id = await push({ windows: [bySite] });
    const days = ['2026-11-25T17:00:00.000Z', '2026-11-26T01:00:00.000Z', '2026-11-26T09:00:00.000Z'];
    for (const [index, day] of days.entries()) {
      expect(updateNow(id).opensAt).toBe(day);
      itIs(Date.parse(day) - 1);
      itIs(Date.parse(day));
      if (index < 2) await becomes(id, 'scheduled', { counts: { succeeded: index + 1, pending: 2 - index } });
    }
    await becomes(id, 'completed');
    expect(named('activates').map(({ name }) => name)).toEqual(['tokyo', 'berlin', 'denver']);
  });

  it('stay shut on the holidays of a site, also of one that is set meanwhile', async () => {
    nowMs = Date.parse('2026-11-25T12:00:00Z');
    const id = await push({ windows: [bySite] });
    const tokyo = bench.sites.get('Tokyo');
    if (tokyo) bench.sites.set({ ...tokyo, blackouts: [{ date: '2026-11-26', name: 'closed' }] });
    bench.updates.look();
    expect(updateNow(id).opensAt).toBe('2026-11-26T01:00:00.000Z');
  });

  it('are refused for devices whose location has no time zone', async () => {
    bench.sites.remove('Denver');
    await expect(push({ windows: [bySite] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('these have no time zone: Denver'),
    });
  });
});

it('leaves a phase open while its devices wait for their window, and the next one shut', async () => {
  await register(4);
  nowMs = nightMs - minuteMs;
  const rollout = { phases: [{ upTo: { percent: 50 } }, { upTo: { percent: 100 } }] };
  const id = await push(pushRequest.partial().parse({ rollout }));
  itIs(nightMs);
  await becomes(id, 'completed', { phase: 1, counts: { succeeded: 4 } });
});

it('waits while it is paused, and for its window again when it goes on', async () => {
  await register(1);
  nowMs = nightMs - minuteMs;
  const id = await push();
  await bench.updates.control(id, 'me (terminal)', (it) => it.pause('finish'));
  itIs(nightMs);
  expect(updateNow(id).state).toBe('paused');
  itIs(nightMs + 180 * minuteMs);
  await bench.updates.control(id, 'me (terminal)', (it) => it.resume());
  await becomes(id, 'scheduled', { opensAt: '2026-11-27T01:00:00.000Z' });
  expect(log).toEqual([]);
});

it('leaves no timer behind of a push that waits while Pushrod is closed', async () => {
  await register(1);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const before = vi.getTimerCount();
    nowMs = nightMs - dayMs / 2;
    const id = await push();
    expect(updateNow(id).state).toBe('scheduled');
    expect(vi.getTimerCount()).toBeGreaterThan(before);
    await bench.updates.close();
    expect(vi.getTimerCount()).toBe(before);
  } finally {
    vi.useRealTimers();
  }
});
