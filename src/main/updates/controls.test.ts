import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failWith, openScripted, type Script, succeed } from '../../../test/harness/scripted-updates.ts';
import { PushrodError } from '../../shared/errors.ts';
import {
  type DeviceId,
  newDevice,
  type PushRequest,
  profile,
  pushRequest,
  rollout,
  type UpdateId,
} from '../../shared/model/index.ts';
import type { Controls } from './index.ts';

const names = Array.from({ length: 10 }, (_, index) => `d${index}`);

let dataDir: string;
let bench: Awaited<ReturnType<typeof openScripted>>;
/** Devices that were begun, in their order, by name; those that hang until they are let go. */
let begun: string[];
let held: Map<string, PromiseWithResolvers<Script>>;
/** What a device does; those not named succeed. */
let scripts: Record<string, Script>;
let reachable: Set<string>;

const nameOf = (host: string) => host.replace('.example', '');
const script: Script = async (job, observer, signal) => {
  const name = nameOf(job.host);
  begun.push(name);
  const hold = held.get(name);
  if (hold) {
    await observer.entering('connecting');
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(new PushrodError('CANCELLED', 'stopped'));
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
    });
    await (await Promise.race([hold.promise, stopped]))(job, observer, signal);
    return;
  }
  await (scripts[name] ?? succeed)(job, observer, signal);
};
/** The rest of a device's way, once it is connected. */
const goThrough: Script = async (_job, observer) => {
  for (const step of ['preflight', 'transferring', 'verifying'] as const) await observer.entering(step);
};

async function open(clock?: { now(): number }) {
  bench = await openScripted(dataDir, { script, isReachable: (id) => reachable.has(id), ...(clock && { clock }) });
}
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-controls-'));
  [begun, held, scripts, reachable] = [[], new Map(), {}, new Set()];
  await open();
  await bench.devices.register(names.map((id) => newDevice.parse({ id, name: id, address: `${id}.example` })));
});
afterEach(async () => {
  await bench.close();
  rmSync(dataDir, { recursive: true });
});

const push = (given: Partial<PushRequest> = {}) =>
  bench.updates.push(
    pushRequest.parse({ firmware: bench.firmware.sha256, selection: { all: true }, ...given }),
    'me (terminal)',
  );
const hold = (...which: string[]) => {
  for (const name of which) held.set(name, Promise.withResolvers());
};
const letGo = (name: string, then: Script = goThrough) => {
  held.get(name)?.resolve(then);
  held.delete(name);
};
const want = (id: UpdateId, wish: (it: Controls) => Promise<void>) => bench.updates.control(id, 'me (terminal)', wish);
const updateNow = (id: UpdateId) => bench.updates.get(id).update;
const stateOf = (id: UpdateId, name: string) =>
  bench.updates.get(id).devices.find(({ deviceId }) => deviceId === name)?.state;
/** Whom the record names for a state of devices. */
const whoDid = (id: UpdateId, action: string) =>
  bench.folder.database
    .prepare("SELECT actor FROM audit_log WHERE subject = 'device-update' AND update_id = ? AND action = ?")
    .pluck()
    .all(id, action);
/** The machine may be busy. */
const eventually = (check: () => void) => vi.waitFor(check, 20_000);
const becomes = (id: UpdateId, state: string, more: object = {}) =>
  eventually(() => expect(updateNow(id)).toMatchObject({ state, ...more }));
const phases = (...upTo: number[]) => rollout.parse({ phases: upTo.map((percent) => ({ upTo: { percent } })) });

describe('phases', () => {
  it('begin no device of the next one when too many failed, and say why', async () => {
    scripts = { d0: failWith('AUTH_FAILED') };
    const id = await push({ rollout: { ...phases(30, 100), successPercent: 90 } });
    await becomes(id, 'paused', { phase: 0, phases: 2, counts: { succeeded: 2, failed: 1, pending: 7 } });
    expect(updateNow(id).reason).toBe(
      'Phase 1 ended below its success rate: 2 of 3 devices succeeded, 90 % were required.',
    );
    expect(begun.sort()).toEqual(['d0', 'd1', 'd2']);
    await expect(want(id, (it) => it.resume())).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(begun).toHaveLength(3);
  });

  it('go on when what failed is tried again and succeeds', async () => {
    scripts = { d0: failWith('AUTH_FAILED') };
    const id = await push({ rollout: phases(30, 100) });
    await becomes(id, 'paused');
    scripts = {};
    await want(id, (it) => it.retry('failed'));
    await becomes(id, 'completed', { counts: { succeeded: 10 }, phase: 1 });
  });

  it('go on all the same when a person approves, also after Pushrod was closed', async () => {
    scripts = { d0: failWith('AUTH_FAILED') };
    const id = await push({ rollout: phases(30, 100) });
    await becomes(id, 'paused');
    await bench.close();
    await open();
    expect(updateNow(id)).toMatchObject({ state: 'paused', phase: 0, counts: { pending: 7 } });
    await want(id, (it) => it.approve());
    await want(id, (it) => it.approve()).catch(() => undefined);
    await becomes(id, 'completed', { counts: { succeeded: 9, failed: 1 } });
  });

  it('wait for approval after each where that is wanted', async () => {
    const id = await push({ rollout: { ...phases(10, 50, 100), needsApproval: true } });
    await becomes(id, 'paused', { phase: 0, reason: 'Phase 1 has ended and waits for approval.' });
    expect(updateNow(id).rollout).toEqual({ ...phases(10, 50, 100), needsApproval: true });
    await want(id, (it) => it.approve());
    await becomes(id, 'paused', { phase: 1, counts: { succeeded: 5, pending: 5 } });
    await want(id, (it) => it.approve());
    await becomes(id, 'completed');
    await expect(want(id, (it) => it.approve())).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('wait for their time, counted from the end of the last, also after Pushrod was closed', async () => {
    let nowMs = Date.now();
    await bench.close();
    await open({ now: () => nowMs });
    const id = await push({ rollout: { ...phases(10, 100), waitMs: 3_600_000 } });
    await eventually(() => expect(updateNow(id).reason).toMatch(/^The next phase begins at /));
    await bench.close();
    nowMs += 3_599_000;
    await open({ now: () => nowMs });
    await want(id, (it) => it.resume());
    await eventually(() => expect(updateNow(id).reason).toMatch(/^The next phase begins at /));
    expect(begun).toEqual(['d0']);
    nowMs += 1_000;
    await want(id, (it) => it.resume());
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
  });

  it('neither wait nor ask where no device is left for the next one', async () => {
    const counts = [{ upTo: { devices: 10 } }, { upTo: { devices: 50 } }, { upTo: { percent: 100 } }];
    const id = await push({ rollout: rollout.parse({ phases: counts, waitMs: 3_600_000, needsApproval: true }) });
    await becomes(id, 'completed', { phase: 0, phases: 1, counts: { succeeded: 10 } });
  });

  it('are drawn at random once, and stay as they were drawn', async () => {
    const id = await push({ rollout: { ...phases(30, 100), order: 'random', needsApproval: true } });
    await becomes(id, 'paused');
    const { devices } = bench.updates.get(id);
    expect(devices.map(({ deviceName }) => deviceName)).not.toEqual(names);
    await bench.close();
    await open();
    expect(bench.updates.get(id).devices.map(({ deviceName }) => deviceName)).toEqual(
      devices.map(({ deviceName }) => deviceName),
    );
  });
});

describe('an update', () => {
  it('begins nothing while it is paused, and brings to its end what is under way', async () => {
    hold('d0', 'd1');
    const id = await push({ concurrency: 2 });
    await eventually(() => expect(begun).toEqual(['d0', 'd1']));
    await want(id, (it) => it.pause('finish'));
    await want(id, (it) => it.pause('finish'));
    letGo('d0');
    await eventually(() => expect(stateOf(id, 'd0')).toBe('succeeded'));
    expect(updateNow(id)).toMatchObject({ state: 'paused', reason: 'It was paused on request.' });
    expect(begun).toEqual(['d0', 'd1']);
    letGo('d1');
    await want(id, (it) => it.resume());
    await becomes(id, 'completed', { counts: { succeeded: 10 }, reason: null });
  });

  it('cuts off what is under way where that is wanted, and begins it again later', async () => {
    hold('d0', 'd1');
    const id = await push({ concurrency: 2 });
    await eventually(() => expect(begun).toHaveLength(2));
    await want(id, (it) => it.pause('cut'));
    await eventually(() => expect(updateNow(id).counts).toEqual({ interrupted: 2, pending: 8 }));
    held.clear();
    await want(id, (it) => it.resume());
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
    expect(begun).toHaveLength(12);
  });

  it('is paused and cancelled after Pushrod was closed as well', async () => {
    hold('d0');
    const id = await push({ concurrency: 1 });
    await eventually(() => expect(begun).toHaveLength(1));
    await want(id, (it) => it.pause('finish'));
    await bench.close();
    await open();
    expect(updateNow(id)).toMatchObject({ state: 'paused', counts: { interrupted: 1, pending: 9 } });
    await bench.updates.cancel(id, 'me');
    expect(updateNow(id)).toMatchObject({ state: 'cancelled', counts: { cancelled: 10 } });
  });

  it('fails once more devices failed than it may have, and leaves the rest alone', async () => {
    scripts = { d1: failWith('AUTH_FAILED'), d2: failWith('AUTH_FAILED') };
    hold('d0');
    const id = await push({ concurrency: 2, maxFailures: { devices: 1 } });
    await eventually(() => expect(updateNow(id).counts).toMatchObject({ failed: 2, connecting: 1 }));
    letGo('d0');
    await becomes(id, 'failed', { counts: { succeeded: 1, failed: 2, cancelled: 7 } });
    expect(updateNow(id).reason).toBe('More than one device had failed (2 of 3); the rest was not begun.');
    expect(begun).toEqual(['d0', 'd1', 'd2']);
    scripts = {};
    await want(id, (it) => it.retry('all'));
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
  });

  it('tries again what failed, once it has ended, and nothing else', async () => {
    scripts = { d3: failWith('AUTH_FAILED') };
    const id = await push();
    await becomes(id, 'completed', { counts: { succeeded: 9, failed: 1 } });
    begun = [];
    scripts = {};
    await Promise.all([want(id, (it) => it.retry('failed')), want(id, (it) => it.retry('failed'))]);
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
    expect(begun).toEqual(['d3']);
    expect(whoDid(id, 'pending')).toEqual(['me (terminal)']);
    await want(id, (it) => it.retry('failed'));
    expect(updateNow(id).state).toBe('completed');
  });

  it('tries again only those of them that were chosen, and none that it does not know', async () => {
    scripts = { d3: failWith('AUTH_FAILED'), d4: failWith('AUTH_FAILED') };
    const id = await push();
    await becomes(id, 'completed', { counts: { succeeded: 8, failed: 2 } });
    begun = [];
    scripts = {};
    const chosen = (...ids: string[]) => ids as DeviceId[];
    await expect(want(id, (it) => it.retry('failed', chosen('d3', 'd77')))).rejects.toThrow('the id d77');
    await want(id, (it) => it.retry('failed', chosen('d0')));
    expect(updateNow(id).state).toBe('completed');
    await want(id, (it) => it.retry('failed', chosen('d0', 'd3')));
    await becomes(id, 'completed', { counts: { succeeded: 9, failed: 1 } });
    expect(begun).toEqual(['d3']);
  });

  it('leaves out devices that are to be skipped, whether begun or not', async () => {
    hold('d0');
    const id = await push({ concurrency: 1 });
    await eventually(() => expect(begun).toEqual(['d0']));
    await want(id, (it) => it.skip(['d0', 'd5'] as DeviceId[]));
    await becomes(id, 'completed', { counts: { succeeded: 8, skipped: 2 } });
    expect(begun).not.toContain('d5');
    expect(whoDid(id, 'skipped')).toEqual(['me (terminal)', 'me (terminal)']);
    await want(id, (it) => it.skip(['d1', 'd5'] as DeviceId[]));
    expect(updateNow(id).counts).toEqual({ succeeded: 8, skipped: 2 });
    await expect(want(id, (it) => it.skip(['nobody' as DeviceId]))).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  });

  it('works on more or fewer devices at once from the moment that is wanted', async () => {
    hold(...names);
    const id = await push({ concurrency: 1 });
    await eventually(() => expect(begun).toHaveLength(1));
    await want(id, (it) => it.setLimits({ concurrency: 4 }));
    await eventually(() => expect(begun).toHaveLength(4));
    await want(id, (it) => it.setLimits({ concurrency: 1, rateLimitBytesPerSecond: 5_000 }));
    const limits = { concurrency: 1, rateLimitBytesPerSecond: 5_000, retries: 0, deviceTimeoutMs: null };
    expect(updateNow(id)).toMatchObject({ limits: { ...limits, maxFailures: null }, rollout: null, windows: [] });
    expect(bench.updates.list()[0]).toEqual(updateNow(id));
    for (const name of ['d0', 'd1', 'd2']) letGo(name);
    await eventually(() => expect(updateNow(id).counts).toEqual({ succeeded: 3, connecting: 1, pending: 6 }));
    for (const name of names) letGo(name);
    await becomes(id, 'completed');
  });

  it('shares the places of the laptop evenly with another one', async () => {
    bench.updates.limits.set({ rateLimitBytesPerSecond: null, concurrency: 2 });
    hold(...names);
    const ids = (first: number) => ({ ids: names.slice(first, first + 5) as DeviceId[] });
    const [one, other] = [await push({ selection: ids(0) }), await push({ selection: ids(5) })];
    await eventually(() => expect(begun).toEqual(['d0', 'd1']));
    letGo('d0');
    await eventually(() => expect(begun).toEqual(['d0', 'd1', 'd5']));
    letGo('d1');
    await eventually(() => expect(begun).toHaveLength(4));
    expect([one, other].map((id) => updateNow(id).counts.connecting)).toEqual([1, 1]);
    for (const name of names) letGo(name);
    await becomes(one, 'completed');
    await becomes(other, 'completed');
  });

  it('works on more devices at once from the moment that the laptop may', async () => {
    bench.updates.limits.set({ rateLimitBytesPerSecond: null, concurrency: 1 });
    hold(...names);
    const id = await push();
    await eventually(() => expect(begun).toEqual(['d0']));
    bench.updates.limits.set({ rateLimitBytesPerSecond: null, concurrency: 3 });
    await eventually(() => expect(begun).toEqual(['d0', 'd1', 'd2']));
    await bench.updates.cancel(id, 'me');
  });

  it('ends a device that takes longer than it may, and no other', async () => {
    hold('d0');
    const id = await push({ deviceTimeoutMs: 1_000 });
    await becomes(id, 'completed', { counts: { succeeded: 9, failed: 1 } });
    expect(bench.updates.get(id).devices[0]).toMatchObject({ errorCode: 'TIMEOUT', attempt: 1 });
  });

  it('goes on by itself in a Pushrod that stays open, where that is set', async () => {
    hold('d0');
    const id = await push({ concurrency: 1 });
    await eventually(() => expect(begun).toHaveLength(1));
    await bench.close();
    held.clear();
    await open();
    bench.updates.carryOn();
    expect(updateNow(id).state).toBe('interrupted');
    bench.updates.recovery.set({ interrupted: 'resume' });
    bench.updates.carryOn();
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
  });

  it('begins when its time has come, in a Pushrod that stays open', async () => {
    let nowMs = Date.parse('2026-11-25T01:59:00Z');
    await bench.close();
    await open({ now: () => nowMs });
    const id = await push({ startAt: '2026-11-25T02:00:00.000Z' });
    await becomes(id, 'scheduled', { reason: 'It begins at 2026-11-25T02:00:00.000Z.' });
    await bench.close();
    await open({ now: () => nowMs });
    expect(updateNow(id).state).toBe('scheduled');
    expect(begun).toEqual([]);
    nowMs += 60_000;
    bench.updates.carryOn();
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
  });

  it('goes only to devices that were seen, whenever that is, and skips those that were not in time', async () => {
    let nowMs = Date.now();
    await bench.close();
    await open({ now: () => nowMs });
    reachable = new Set(['d0', 'd1']);
    const id = await push({ onConnect: true, patienceMs: 3_600_000 });
    await eventually(() => expect(updateNow(id).counts).toEqual({ succeeded: 2, pending: 8 }));
    scripts = { d2: failWith('CONNECTION_LOST') };
    reachable = new Set(['d2']);
    await eventually(() => expect(begun).toContain('d2'));
    scripts = {};
    await eventually(() => expect(stateOf(id, 'd2')).toBe('succeeded'));
    nowMs += 3_600_001;
    await becomes(id, 'completed', { counts: { succeeded: 3, skipped: 7 } });
    expect(bench.updates.get(id).devices[9]).toMatchObject({ state: 'skipped', errorCode: 'UNREACHABLE' });
  });

  it('waits no longer than it may for a device that is seen and lost again and again', async () => {
    let nowMs = Date.now();
    await bench.close();
    await open({ now: () => nowMs });
    reachable = new Set(['d0']);
    scripts = { d0: failWith('CONNECTION_LOST') };
    const id = await push({ selection: { ids: ['d0' as DeviceId] }, onConnect: true, patienceMs: 3_600_000 });
    await eventually(() => expect(begun).toHaveLength(1));
    nowMs += 3_600_001;
    await becomes(id, 'completed', { counts: { failed: 1 } });
  });
});

it('does not wait for a device that is not in the registry any more', async () => {
  reachable = new Set();
  const id = await push({ onConnect: true });
  await bench.devices.remove({ ids: ['d3' as DeviceId] });
  await eventually(() => expect(stateOf(id, 'd3')).toBe('failed'));
  expect(updateNow(id).counts).toEqual({ failed: 1, pending: 9 });
  expect(bench.updates.get(id).devices[3]).toMatchObject({
    errorCode: 'DEVICE_NOT_FOUND',
    message: expect.stringContaining('d3'),
  });
  expect(begun).toEqual([]);
});

it('changes nothing where what a person wants cannot be recorded, and does it at the next word', async () => {
  const { database } = bench.folder;
  database.exec(`CREATE TEMP TRIGGER refuse BEFORE UPDATE ON device_updates WHEN new.state = 'pending'
    BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  scripts = { d0: failWith('AUTH_FAILED') };
  const id = await push({ rollout: phases(30, 100) });
  await becomes(id, 'paused');
  const before = bench.updates.get(id);
  await expect(want(id, (it) => it.retry('failed'))).rejects.toThrow('refused');
  expect(bench.updates.get(id)).toEqual(before);
  scripts = {};
  database.exec('DROP TRIGGER refuse');
  await want(id, (it) => it.retry('failed'));
  await becomes(id, 'completed', { counts: { succeeded: 10 } });
});

describe('while a person wants something of an update', () => {
  it('begins nothing, so that a device to be skipped is not begun at the same moment', async () => {
    hold('d0');
    const id = await push({ concurrency: 1 });
    await eventually(() => expect(begun).toEqual(['d0']));
    await want(id, async (it) => {
      letGo('d0');
      await eventually(() => expect(stateOf(id, 'd0')).toBe('succeeded'));
      await it.skip(['d1'] as DeviceId[]);
    });
    await becomes(id, 'completed', { counts: { succeeded: 9, skipped: 1 } });
    expect(begun).not.toContain('d1');
  });

  it('does not end, so that a device tried again at the last moment is not left behind', async () => {
    hold('d0');
    scripts = { d1: failWith('AUTH_FAILED') };
    const id = await push();
    await eventually(() => expect(updateNow(id).counts).toEqual({ connecting: 1, failed: 1, succeeded: 8 }));
    scripts = {};
    await want(id, async (it) => {
      letGo('d0');
      await eventually(() => expect(stateOf(id, 'd0')).toBe('succeeded'));
      await it.retry('failed');
    });
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
  });

  it('waits for an end that has begun', async () => {
    scripts = { d0: failWith('AUTH_FAILED') };
    const id = await push({ concurrency: 1, maxFailures: { devices: 0 } });
    const wishes: Promise<void>[] = [];
    while (updateNow(id).state === 'running') {
      wishes.push(want(id, (it) => it.skip([names[9 - (wishes.length % 9)]] as DeviceId[])));
      await pause(1);
    }
    await Promise.all(wishes);
    expect(updateNow(id).state).toBe('failed');
  });
});

it('gives a device up once, also while a person leaves it out', async () => {
  let nowMs = Date.now();
  await bench.close();
  await open({ now: () => (nowMs += 10_000) });
  reachable = new Set();
  const id = await push({ onConnect: true, patienceMs: 1_000 });
  const wishes: Promise<void>[] = [];
  while (updateNow(id).state === 'running') {
    wishes.push(want(id, (it) => it.skip(names as DeviceId[])));
    await pause(1);
  }
  await Promise.all(wishes);
  expect(updateNow(id)).toMatchObject({ state: 'completed', counts: { skipped: 10 } });
});

describe('what is staged', () => {
  beforeEach(() => {
    bench.profiles.set('sys' as never, profile.parse({ transport: 'ssh', activateCommand: 'install {remotePath}' }));
  });
  const activated: string[] = [];
  const staging: Script = async (job, observer, signal) => {
    if (job.transport === 'ssh' && !job.stageOnly) activated.push(nameOf(job.host));
    await succeed(job, observer, signal);
  };

  it('is activated by a word, and not sent again', async () => {
    activated.length = 0;
    scripts = Object.fromEntries(names.map((name) => [name, staging]));
    const id = await push({ profile: 'sys' as never, stageOnly: true });
    await becomes(id, 'completed', { counts: { staged: 10 } });
    expect(activated).toEqual([]);
    await bench.close();
    await open();
    await want(id, (it) => it.activate());
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
    expect(activated.sort()).toEqual(names);
    await want(id, (it) => it.activate());
    await expect(want(await push(), (it) => it.activate())).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('stays so in an update that failed, until what failed is tried again', async () => {
    scripts = { d9: failWith('AUTH_FAILED') };
    const id = await push({ profile: 'sys' as never, stageOnly: true, maxFailures: { devices: 0 } });
    await becomes(id, 'failed', { counts: { staged: 9, failed: 1 } });
    await expect(want(id, (it) => it.activate())).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(updateNow(id)).toMatchObject({ state: 'failed', counts: { staged: 9, failed: 1 } });
    scripts = {};
    await want(id, (it) => it.retry('failed'));
    await becomes(id, 'completed', { counts: { staged: 10 } });
    await want(id, (it) => it.activate());
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
  });

  const stageOnly = { profile: 'sys' as never, stageOnly: true };

  it('is skipped like any other device, even where it comes to that only while it is to be skipped', async () => {
    hold('d0');
    const id = await push(stageOnly);
    await becomes(id, 'running', { counts: { connecting: 1, staged: 9 } });
    await want(id, (it) => it.skip(['d1'] as DeviceId[]));
    const verified = Promise.withResolvers<void>();
    letGo('d0', async (job, observer, signal) => {
      await goThrough(job, observer, signal);
      // It is done before it hears that it is to be stopped.
      await verified.promise;
    });
    await eventually(() => expect(stateOf(id, 'd0')).toBe('verifying'));
    await want(id, async (it) => {
      verified.resolve();
      await it.skip(['d0'] as DeviceId[]);
    });
    await becomes(id, 'completed', { counts: { skipped: 2, staged: 8 } });
    const message = 'It was skipped on request; what is verified in its place stays on the device: fw.bin.';
    expect(
      bench.updates
        .get(id)
        .devices.slice(0, 2)
        .map((device) => device.message),
    ).toEqual([message, message]);
  });

  it('stays so where too many activations fail before its turn', async () => {
    const id = await push({ ...stageOnly, concurrency: 1, maxFailures: { devices: 0 } });
    await becomes(id, 'completed', { counts: { staged: 10 } });
    scripts = { d0: failWith('AUTH_FAILED') };
    await want(id, (it) => it.activate());
    await becomes(id, 'failed', { counts: { failed: 1, staged: 9 } });
    await bench.close();
    await open();
    scripts = {};
    begun = [];
    await want(id, (it) => it.retry('failed'));
    await becomes(id, 'completed', { counts: { succeeded: 10 } });
    expect(begun).toHaveLength(10);
  });

  it('counts for the share of failures until its turn', async () => {
    scripts = Object.fromEntries(['d5', 'd6', 'd7', 'd8', 'd9'].map((name) => [name, failWith('AUTH_FAILED')]));
    const id = await push({ ...stageOnly, concurrency: 2, maxFailures: { percent: 50 } });
    await becomes(id, 'completed', { counts: { failed: 5, staged: 5 } });
    await want(id, (it) => it.activate());
    await becomes(id, 'completed', { counts: { failed: 5, succeeded: 5 } });
  });

  it('cannot be on a device that is updated over HTTP', async () => {
    bench.profiles.set('web' as never, profile.parse({ transport: 'http' }));
    const pushed = push({ profile: 'web' as never, stageOnly: true });
    await expect(pushed).rejects.toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'stageOnly' }] });
  });
});

it('says beforehand what a push would do, and contacts nothing', async () => {
  await bench.devices.update('d0' as DeviceId, { firmwareVersion: '3.0' });
  const request = pushRequest.parse({
    ...{ firmware: bench.firmware.sha256, selection: { all: true }, rollout: phases(20, 100) },
  });
  const found = await bench.updates.forecast(request, false, undefined);
  expect(found).toMatchObject({ bytesTotal: 72, durationMs: null });
  expect(found.devices.map(({ action, phase }) => `${action} ${phase}`).slice(0, 3)).toEqual([
    ...['skip 0', 'push 0', 'push 1'],
  ]);
  expect(found.devices[0]).toMatchObject({ errorCode: 'DOWNGRADE_REFUSED', isReachable: null });
  expect(begun).toEqual([]);
  expect(bench.updates.list()).toEqual([]);
  await becomes(await push(), 'completed');
  reachable = new Set(['d1']);
  const after = await bench.updates.forecast({ ...request, allowDowngrade: true }, true, undefined);
  expect(after.devices.map(({ isReachable }) => isReachable)).toEqual(names.map((name) => name === 'd1'));
  expect(after.durationMs).toBeGreaterThan(0);
});
