import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openScripted, type Script } from '../../../test/harness/scripted-updates.ts';
import { type ErrorCode, PushrodError } from '../../shared/errors.ts';
import {
  newDevice,
  type PushRequest,
  profile,
  pushRequest,
  siteWindow,
  type UpdateId,
} from '../../shared/model/index.ts';
import type { Database } from '../data/index.ts';
import type { DeliveryStep } from '../delivery/index.ts';
import type { Controls } from './index.ts';
import { deviceTransitions, updateTransitions } from './state-machine.ts';

const toVerified = ['connecting', 'preflight', 'transferring', 'verifying'] as const;
const toConfirming = [...toVerified, 'activating', 'confirming'] as const;

/** Takes the steps and succeeds. */
const taking =
  (...steps: readonly DeliveryStep[]): Script =>
  async (_job, observer) => {
    for (const step of steps) await observer.entering(step);
  };
const failing =
  (code: ErrorCode, steps: readonly DeliveryStep[] = [], retryAfterMs?: number): Script =>
  async (...call) => {
    await taking(...steps)(...call);
    throw new PushrodError(code, `scripted ${code}`, [], { retryAfterMs });
  };
/** Stays where the steps lead, until it goes on or is stopped. */
const holding =
  (steps: readonly DeliveryStep[], goOn = new Promise<void>(() => undefined)): Script =>
  async (job, observer, signal) => {
    await taking(...steps)(job, observer, signal);
    const stopped = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new PushrodError('CANCELLED', 'stopped'))),
    );
    await Promise.race([goOn, stopped]);
  };

/** What a device does at each try; the last one again and again. */
type Tries = Script | Script[];

/** Devices that are held in the state they are named after. */
const held: Record<string, Tries> = {
  ...Object.fromEntries(toConfirming.map((step, index) => [step, holding(toConfirming.slice(0, index + 1))])),
  retrying: failing('CONNECTION_LOST', ['connecting'], 3_600_000),
};

type Table = Readonly<Record<string, readonly string[]>>;
const edgesOf = (table: Table) =>
  Object.entries(table).flatMap(([from, to]) => to.map((state) => `${from} → ${state}`));

/** The transitions on record. What else is said of an update there repeats the state it is in. */
function recorded(database: Database, subject: 'update' | 'device-update', first: string | undefined): string[] {
  const rows = database
    .prepare<[string], { of: string; action: string }>(
      "SELECT update_id || ' ' || subject_id AS of, action FROM audit_log WHERE subject = ? ORDER BY id",
    )
    .all(subject);
  const last = new Map<string, string>();
  const edges = new Set<string>();
  for (const { of, action } of rows) {
    const from = last.get(of) ?? first;
    if (from !== undefined && (subject === 'device-update' || from !== action)) edges.add(`${from} → ${action}`);
    last.set(of, action);
  }
  return [...edges];
}

it('takes every way of both tables, and no other', { timeout: 120_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pushrod-edges-'));
  let nowMs = Date.parse('2026-11-25T00:00:00Z');
  let tries: Record<string, Script[]> = {};
  const script: Script = async (job, ...rest) => {
    const mine = tries[job.host] ?? [];
    const next = mine.length > 1 ? mine.shift() : mine[0];
    return (next ?? taking(...toVerified))(job, ...rest);
  };
  const open = () => openScripted(dataDir, { script, clock: { now: () => nowMs } });
  let bench = await open();
  onTestFinished(async () => {
    await bench.close();
    rmSync(dataDir, { recursive: true });
  });
  const reopen = async () => {
    await bench.close();
    bench = await open();
  };
  bench.profiles.set('flash' as never, profile.parse({ activateCommand: 'flash', versionCommand: 'version' }));

  const push = async (does: Record<string, Tries>, given: Partial<PushRequest> = {}): Promise<UpdateId> => {
    const names = Object.keys(does);
    tries = Object.fromEntries(names.map((name) => [name, [does[name] ?? []].flat()]));
    await bench.devices.register(names.map((name) => newDevice.parse({ id: name, name, address: name })));
    const what = { firmware: bench.firmware.sha256, selection: { ids: names }, profile: 'flash', force: true };
    return bench.updates.push(pushRequest.parse({ ...what, ...given }), 'me');
  };
  const becomes = (id: UpdateId, state: string, counts: object = {}) =>
    vi.waitFor(() => expect(bench.updates.get(id).update).toMatchObject({ state, counts }), 20_000);
  const want = (id: UpdateId, wish: (it: Controls) => Promise<void>) => bench.updates.control(id, 'me', wish);
  const skipAll = (id: UpdateId) =>
    want(id, (it) => it.skip(bench.updates.get(id).devices.map(({ deviceId }) => deviceId)));
  const cancel = (id: UpdateId) => bench.updates.cancel(id, 'me');
  /** A device in each state that lasts; by its name the last one's turn does not come. */
  const holdAll = async () => {
    const each = Object.fromEntries(Object.keys(held).map((state) => [state, 1]));
    const id = await push({ ...held, zzz: taking() }, { concurrency: Object.keys(held).length, retries: 1 });
    await becomes(id, 'running', { ...each, pending: 1 });
    return id;
  };

  // To its end, in the ways that there are over SSH and HTTP.
  const ways: Record<string, DeliveryStep[]> = {
    copied: [...toVerified],
    bundle: [...toVerified, 'transferring', 'verifying'],
    delta: ['connecting', 'preflight', 'transferring', 'transferring', 'verifying'],
    activated: [...toVerified, 'activating'],
    confirmed: [...toConfirming],
    rebooted: ['connecting', 'preflight', 'transferring', 'confirming'],
    web: [...toVerified, 'confirming'],
  };
  const straight = await push(
    Object.fromEntries(Object.entries(ways).map(([name, steps]) => [name, taking(...steps)])),
  );
  await becomes(straight, 'completed', { succeeded: Object.keys(ways).length });

  // To a failure from everywhere, for good and after another try.
  const sick = Object.fromEntries(
    toConfirming.flatMap((step, index) => {
      const steps = toConfirming.slice(0, index + 1);
      return [
        [`refused-${step}`, failing('AUTH_FAILED', steps)],
        [
          `lost-${step}`,
          [failing('WORKER_CRASHED', steps), taking(...(index < 4 ? toVerified : ['confirming' as const]))],
        ],
      ];
    }),
  );
  const failures = await push(
    {
      ...sick,
      refused: failing('AUTH_FAILED'),
      lost: failing('WORKER_CRASHED'),
      worse: [failing('WORKER_CRASHED', ['connecting']), failing('AUTH_FAILED')],
    },
    { retries: 2 },
  );
  await becomes(failures, 'completed', { failed: 9, succeeded: 6 });

  // Back, from where the activation went wrong.
  const back =
    (...steps: DeliveryStep[]): Script =>
    async (...call) => {
      await taking(...steps, 'rollingBack')(...call);
      return { because: new PushrodError('VERSION_NOT_CONFIRMED', 'scripted') };
    };
  const rolledBack = await push({
    early: back(...toVerified, 'activating'),
    late: back(...toConfirming),
    never: failing('ACTIVATE_FAILED', [...toConfirming, 'rollingBack']),
  });
  await becomes(rolledBack, 'completed', { rolledBack: 2, failed: 1 });
  tries = {};
  await want(rolledBack, (it) => it.retry('failed'));
  await becomes(rolledBack, 'completed', { succeeded: 3 });

  // Stopped from everywhere, and begun again.
  const cancelled = await holdAll();
  await cancel(cancelled);
  await becomes(cancelled, 'cancelled', { cancelled: 6, failed: 2 });
  tries = {};
  await want(cancelled, (it) => it.retry('all'));
  await becomes(cancelled, 'completed', { succeeded: 8 });

  const skipped = await holdAll();
  await skipAll(skipped);
  // What is being activated is brought to its end.
  await becomes(skipped, 'running', { skipped: 6, activating: 1, confirming: 1 });
  await cancel(skipped);
  tries = {};
  await want(skipped, (it) => it.retry('all'));
  await becomes(skipped, 'completed', { succeeded: 8 });

  const resume = (id: UpdateId) => want(id, (it) => it.resume());
  for (const end of [cancel, skipAll, resume]) {
    const interrupted = await holdAll();
    await reopen();
    await becomes(interrupted, 'interrupted', { interrupted: 8 });
    tries = { activating: [taking('confirming')], confirming: [taking('confirming')] };
    await end(interrupted);
    await becomes(interrupted, end === cancel ? 'cancelled' : end === skipAll ? 'interrupted' : 'completed');
  }

  // Staged, and what may come of it.
  const stage = async () => {
    const id = await push({ a: taking(...toVerified), b: taking(...toVerified) }, { stageOnly: true });
    await becomes(id, 'completed', { staged: 2 });
    return id;
  };
  const activated = await stage();
  tries = { a: [taking(...toConfirming)], b: [taking(...toConfirming)] };
  await want(activated, (it) => it.activate());
  await becomes(activated, 'completed', { succeeded: 2 });
  await skipAll(await stage());
  const abandoned = await push({ a: taking(...toVerified), b: holding(['connecting']) }, { stageOnly: true });
  await becomes(abandoned, 'running', { staged: 1, connecting: 1 });
  await cancel(abandoned);

  // Waited for, seen, and lost again.
  const seen = await push(
    { a: [failing('CONNECTION_LOST', ['connecting']), taking(...toVerified)] },
    { onConnect: true },
  );
  await becomes(seen, 'completed', { succeeded: 1 });

  // Over HTTP, where its window closes before the device has all, or before its answer.
  const uploading: Script = async (job, observer, signal) => {
    await taking('connecting', 'preflight')(job, observer, signal);
    await observer.entering('transferring', { method: 'http', resumedFrom: 0, unchangedBytes: 0 });
    await holding([])(job, observer, signal);
  };
  const answering: Script = async (...call) => {
    const cut = await uploading(...call).catch((thrown) => thrown);
    await taking('verifying')(...call);
    throw cut;
  };
  nowMs = Date.parse('2026-11-26T02:00:00Z');
  const windows = [siteWindow.parse({ start: '0 2 * * *', end: '03:00', tz: 'UTC' })];
  const shut = await push({ a: uploading, b: answering }, { windows });
  await becomes(shut, 'running', { transferring: 2 });
  nowMs += 3_600_000;
  bench.updates.look();
  await becomes(shut, 'scheduled', { pending: 2 });
  await want(shut, (it) => it.pause('finish'));
  await cancel(shut);

  // Of a whole update.
  const later = () => push({ a: taking(...toVerified) }, { startAt: new Date(nowMs + 1_000).toISOString() });
  await cancel(await later());
  const begun = await later();
  nowMs += 1_000;
  await resume(begun);
  await becomes(begun, 'completed');
  const pausedWhile = async (given: Partial<PushRequest>, end: Script) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const id = await push(
      {
        a: async (...call) => {
          await holding(['connecting'], promise)(...call);
          await end(...call);
        },
      },
      given,
    );
    await becomes(id, 'running', { connecting: 1 });
    await want(id, (it) => it.pause('finish'));
    return { id, resolve };
  };
  const finished = await pausedWhile({}, taking('preflight', 'transferring', 'verifying'));
  finished.resolve();
  await becomes(finished.id, 'completed');
  const overThreshold = await pausedWhile({ maxFailures: { devices: 0 } }, failing('AUTH_FAILED'));
  overThreshold.resolve();
  await becomes(overThreshold.id, 'failed');
  tries = { a: [taking(...toVerified)] };
  await want(overThreshold.id, (it) => it.retry('failed'));
  await becomes(overThreshold.id, 'completed');
  const goneOnWith = await pausedWhile({}, taking('preflight', 'transferring', 'verifying'));
  await resume(goneOnWith.id);
  await want(goneOnWith.id, (it) => it.pause('finish'));
  await cancel(goneOnWith.id);
  const broken = await push({ a: failing('AUTH_FAILED') }, { maxFailures: { devices: 0 } });
  await becomes(broken, 'failed');

  const { database } = bench.folder;
  expect(recorded(database, 'update', undefined).sort()).toEqual(edgesOf(updateTransitions).sort());
  expect(recorded(database, 'device-update', 'pending').sort()).toEqual(edgesOf(deviceTransitions).sort());
});
