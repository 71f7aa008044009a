import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failWith, hang, openScripted, type Script, steps, succeed } from '../../../test/harness/scripted-updates.ts';
import { PushrodError } from '../../shared/errors.ts';
import {
  type DeviceId,
  type DeviceUpdate,
  type Firmware,
  newDevice,
  type PushRequest,
  profile,
  pushRequest,
  type UpdateFrame,
  type UpdateId,
} from '../../shared/model/index.ts';
import type { DataFolder } from '../data/index.ts';
import type { DeliveryJob } from '../delivery/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { ProfileStore } from '../profiles/index.ts';
import type { Devices } from '../registry/index.ts';
import type { Updates } from './index.ts';

let dataDir: string;
let folder: DataFolder;
let devices: Devices;
let profiles: ProfileStore;
let updates: Updates;
let firmware: Firmware;
let store: FirmwareStore;
let script: Script;

async function open(): Promise<void> {
  const opened = await openScripted(dataDir, { script: (...call) => script(...call) });
  ({ folder, devices, profiles, store, firmware, updates } = opened);
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-updates-'));
  script = succeed;
  await open();
  await devices.register(['a', 'b', 'c'].map((id) => newDevice.parse({ id, name: id, address: `${id}.example` })));
});
afterEach(async () => {
  await updates.close();
  await devices.close();
  folder.close();
  rmSync(dataDir, { recursive: true });
});

const push = (given: Partial<PushRequest> = {}) =>
  updates.push(pushRequest.parse({ firmware: firmware.sha256, selection: { all: true }, ...given }), 'me');
const resume = (id: UpdateId) => updates.control(id, 'me', (it) => it.resume());
async function follow(id: UpdateId): Promise<UpdateFrame[]> {
  const frames: UpdateFrame[] = [];
  for await (const frame of updates.watch(id, undefined)) frames.push(structuredClone(frame));
  return frames;
}
const statesOf = (id: UpdateId) => updates.get(id).devices.map(({ state }) => state);
const deviceOf = (id: UpdateId, deviceId: string): DeviceUpdate =>
  updates.get(id).devices.find((device) => device.deviceId === deviceId) ?? expect.fail(`no device ${deviceId}`);
const journalled = (id: UpdateId, deviceId: string | null) =>
  folder.database
    .prepare('SELECT action FROM audit_log WHERE update_id = ? AND subject_id = ? ORDER BY id')
    .pluck()
    .all(id, deviceId ?? id);
const failsWith = (code: string) => expect.objectContaining({ code });

describe('a push', () => {
  it('takes every device through the steps and journals each', async () => {
    const id = await push();
    const frames = await follow(id);
    expect(frames[0]?.type).toBe('snapshot');
    expect(frames.at(-1)?.update).toMatchObject({ state: 'completed', counts: { succeeded: 3 }, total: 3 });
    expect(journalled(id, 'a')).toEqual([...steps, 'succeeded']);
    expect(journalled(id, null)).toEqual(['running', 'completed']);
    expect(deviceOf(id, 'a')).toMatchObject({ attempt: 1, bytesSent: 8, bytesTotal: 8, method: 'sftp' });
  });

  it('records each step before it begins', async () => {
    const seen: unknown[] = [];
    script = async (_job, observer) => {
      for (const step of steps) {
        await observer.entering(step);
        seen.push([step, folder.database.prepare('SELECT state FROM device_updates').pluck().get()]);
      }
    };
    await follow(await push({ selection: { ids: ['a' as DeviceId] } }));
    expect(seen).toEqual(steps.map((step) => [step, step]));
  });

  it('completes with failures among its devices, each with code and hint', async () => {
    script = (job, ...rest) => (job.host === 'b.example' ? failWith('AUTH_FAILED') : succeed)(job, ...rest);
    const id = await push({ retries: 3 });
    await follow(id);
    expect(updates.get(id).update).toMatchObject({ state: 'completed', counts: { succeeded: 2, failed: 1 } });
    expect(deviceOf(id, 'b')).toMatchObject({
      errorCode: 'AUTH_FAILED',
      attempt: 1,
      hint: expect.stringContaining('credential'),
    });
  });

  it('tries again what may pass, and only as often as it was told', async () => {
    let tries = 0;
    script = (...call) => {
      tries += 1;
      return (tries < 3 ? failWith('CONNECTION_LOST') : succeed)(...call);
    };
    const one = { selection: { ids: ['a' as DeviceId] } };
    const id = await push({ ...one, retries: 2 });
    await follow(id);
    expect(deviceOf(id, 'a')).toMatchObject({ state: 'succeeded', attempt: 3, errorCode: null });
    expect(journalled(id, 'a')).toEqual(['connecting', 'retrying', 'connecting', 'retrying', ...steps, 'succeeded']);
    script = failWith('CONNECTION_LOST');
    const failing = await push({ ...one, retries: 1 });
    await follow(failing);
    expect(deviceOf(failing, 'a')).toMatchObject({ state: 'failed', attempt: 2, errorCode: 'CONNECTION_LOST' });
  });

  it('works on as many devices at once as it was told', async () => {
    let now = 0;
    let most = 0;
    script = async (...call) => {
      now += 1;
      most = Math.max(most, now);
      await succeed(...call);
      now -= 1;
    };
    await follow(await push({ concurrency: 2 }));
    expect(most).toBe(2);
  });

  it('waits for a device that another push works on', async () => {
    let now = 0;
    let most = 0;
    script = async (...call) => {
      now += 1;
      most = Math.max(most, now);
      await succeed(...call);
      now -= 1;
    };
    const one = { selection: { ids: ['a' as DeviceId] } };
    await Promise.all((await Promise.all([push(one), push(one)])).map(follow));
    expect(most).toBe(1);
  });

  it('waits, visibly, for the path that another entry of the same device is pushed to', async () => {
    await devices.register([newDevice.parse({ id: 'twin', name: 'twin', address: 'A.example' })]);
    const { promise: release, resolve } = Promise.withResolvers<void>();
    let now = 0;
    let most = 0;
    script = async (...call) => {
      now += 1;
      most = Math.max(most, now);
      await release;
      await succeed(...call);
      now -= 1;
    };
    const id = await push({ selection: { ids: ['a', 'twin'] as DeviceId[] } });
    await expect.poll(() => deviceOf(id, 'twin').message ?? deviceOf(id, 'a').message).toMatch(/another push/);
    resolve();
    await follow(id);
    expect(most).toBe(1);
    expect(deviceOf(id, 'twin')).toMatchObject({ state: 'succeeded', message: null });
  });

  it('goes on with other devices, and can be cancelled at once, while a device is taken', async () => {
    const reached = Promise.withResolvers<void>();
    script = hang('transferring', reached.resolve);
    const holding = await push({ selection: { ids: ['a' as DeviceId] } });
    await reached.promise;
    script = succeed;
    const other = await push({ concurrency: 1 });
    await expect.poll(() => statesOf(other)).toEqual(['pending', 'succeeded', 'succeeded']);
    expect(deviceOf(other, 'a').message).toMatch(/another push/);
    await updates.cancel(other, 'me');
    expect(statesOf(other)).toEqual(['cancelled', 'succeeded', 'succeeded']);
    expect(updates.get(holding).update.state).toBe('running');
  });

  it('stops and says why when its steps cannot be recorded, and goes on when they can', async () => {
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    script = async (job, observer, signal) => {
      await observer.entering('connecting');
      reached.resolve();
      await release.promise;
      await succeed(job, observer, signal);
    };
    const id = await push();
    await reached.promise;
    const followed = follow(id);
    folder.database.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    release.resolve();
    await expect(followed).rejects.toThrow('no room');
    expect(updates.get(id).update.state).toBe('interrupted');
    expect(new Set(statesOf(id))).toEqual(new Set(['interrupted']));
    folder.database.exec('DROP TRIGGER full');
    script = succeed;
    await resume(id);
    await follow(id);
    expect(updates.get(id).update).toMatchObject({ state: 'completed', counts: { succeeded: 3 } });
  });

  it('is in the history of its devices, the newest first, with what came of it there', async () => {
    const first = await push({ selection: { ids: ['a' as DeviceId] } });
    await follow(first);
    script = failWith('UNREACHABLE');
    const second = await push();
    await follow(second);
    const history = updates.history('a' as DeviceId, 10);
    expect(history.map(({ update, device }) => [update.id, device.state, device.errorCode])).toEqual([
      [second, 'failed', 'UNREACHABLE'],
      [first, 'succeeded', null],
    ]);
    expect(history[0]?.update).toMatchObject({ state: 'completed', firmware: [{ sha256: firmware.sha256 }] });
    expect(updates.history('b' as DeviceId, 10)).toHaveLength(1);
    expect(updates.history('a' as DeviceId, 1)).toHaveLength(1);
    expect(updates.history('nobody' as DeviceId, 10)).toEqual([]);
  });

  it('tells the registry what it learned', async () => {
    profiles.set('flash', profile.parse({ activateCommand: 'flash {remotePath}' }));
    script = (job, ...rest) => (job.host === 'b.example' ? failWith('UNREACHABLE') : succeed)(job, ...rest);
    await follow(await push({ profile: 'flash' }));
    const found = (id: string) => devices.get(id as DeviceId);
    await expect.poll(() => found('a')).toMatchObject({ status: 'online', firmwareVersion: '2.0' });
    await expect.poll(() => found('b')).toMatchObject({ status: 'offline', firmwareVersion: null });
  });

  it('starts nothing when something is wrong beforehand', async () => {
    const sha256 = '0'.repeat(64) as Firmware['sha256'];
    await expect(push({ firmware: sha256 })).rejects.toThrowError(failsWith('FIRMWARE_NOT_FOUND'));
    await expect(push({ profile: 'nothing' })).rejects.toThrowError(failsWith('PROFILE_NOT_FOUND'));
    await expect(push({ selection: { ids: ['x' as DeviceId] } })).rejects.toThrowError(failsWith('DEVICE_NOT_FOUND'));
    await expect(push({ selection: { filter: { search: 'nobody' } } })).rejects.toThrowError(/No device matches/);
    await devices.update('c' as DeviceId, { profile: 'gone' });
    await expect(push()).rejects.toThrowError(failsWith('PROFILE_NOT_FOUND'));
    expect(updates.list()).toEqual([]);
  });
});

describe('an update that is stopped', () => {
  async function pushUntil(at: Parameters<typeof hang>[0], given: Partial<PushRequest> = {}): Promise<UpdateId> {
    const reached = Promise.withResolvers<void>();
    script = hang(at, reached.resolve);
    const id = await push({ concurrency: 1, ...given });
    await reached.promise;
    return id;
  }

  it('goes to no device of another model, and to all whose model is right or not known', async () => {
    store.describe(firmware.sha256, { models: ['GW-2000', 'GW-3000'] });
    await devices.update('a' as DeviceId, { model: 'cam-9' });
    await devices.update('b' as DeviceId, { model: 'gw-3000' });
    const id = await push({ retries: 3 });
    await follow(id);
    expect(statesOf(id)).toEqual(['skipped', 'succeeded', 'succeeded']);
    expect(deviceOf(id, 'a')).toMatchObject({
      errorCode: 'MODEL_MISMATCH',
      message: 'fw.bin is for GW-2000, GW-3000, and "a" is a cam-9.',
      attempt: 0,
    });
  });

  it('is cancelled, with all devices that had not ended', async () => {
    const id = await pushUntil('transferring');
    const frames = follow(id);
    await updates.cancel(id, 'me');
    expect(updates.get(id).update.state).toBe('cancelled');
    expect(statesOf(id)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect((await frames).at(-1)?.update.state).toBe('cancelled');
    await updates.cancel(id, 'me');
    await expect(resume(id)).rejects.toThrowError(failsWith('CONFLICT'));
  });

  it('says what it does not know when the device was activating', async () => {
    profiles.set('flash', profile.parse({ activateCommand: 'flash' }));
    const id = await pushUntil('activating', { profile: 'flash', retries: 5 });
    await updates.cancel(id, 'me');
    expect(statesOf(id)).toEqual(['failed', 'cancelled', 'cancelled']);
    expect(deviceOf(id, 'a').errorCode).toBe('ACTIVATION_UNKNOWN');
  });

  describe('whose activation the device confirms', () => {
    const steps = ['connecting', 'preflight', 'transferring', 'verifying', 'activating', 'confirming'] as const;
    let reached: PromiseWithResolvers<void>;
    /** How often the activate command was started. */
    let activations: number;
    const confirmWith =
      (end: (signal: AbortSignal) => Promise<unknown>): Script =>
      async (job, observer, signal) => {
        if (!job.isActivated) activations += 1;
        for (const step of job.isActivated ? (['confirming'] as const) : steps) await observer.entering(step);
        observer.ran({ command: 'flash', exitCode: 0, output: 'flashed' });
        reached.resolve();
        const ended = await end(signal);
        observer.foundVersion('2.0');
        return ended;
      };
    const untilStopped = (signal: AbortSignal) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new PushrodError('CANCELLED', 'stopped'))),
      );

    beforeEach(() => {
      reached = Promise.withResolvers();
      activations = 0;
      profiles.set('flash', profile.parse({ activateCommand: 'flash', versionCommand: 'version' }));
    });
    const pushOne = (given: Partial<PushRequest> = {}) =>
      push({ profile: 'flash' as PushRequest['profile'], selection: { ids: ['a' as DeviceId] }, ...given });

    /** Pushes to one device, and closes Pushrod while it waits for the confirmation. */
    const closeMeanwhile = async (given: Partial<PushRequest> = {}) => {
      script = confirmWith(untilStopped);
      const id = await pushOne(given);
      await reached.promise;
      await updates.close();
      folder.close();
      await open();
      return id;
    };

    it('says what the device reported and what its commands said', async () => {
      script = confirmWith(async () => undefined);
      const id = await pushOne();
      await follow(id);
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'succeeded', firmwareVersion: '2.0', unconfirmedSince: null });
      const told = { attempt: 1, step: 'confirming', command: 'flash', exitCode: 0, output: 'flashed' };
      expect(updates.outputs(id)).toMatchObject([{ deviceId: 'a', ...told }]);
      await expect.poll(() => devices.get('a' as DeviceId)).toMatchObject({ firmwareVersion: '2.0' });
    });

    it('is never activated twice: after an interruption it is only confirmed', async () => {
      const id = await closeMeanwhile();
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'interrupted', unconfirmedSince: expect.any(String) });
      script = confirmWith(async () => undefined);
      await resume(id);
      await follow(id);
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'succeeded', attempt: 2, bytesSent: 0, resumedFrom: 8 });
      expect(activations).toBe(1);
    });

    it.each([
      ["what is left of its time, and of its command's", 240_000, 180_000],
      ['a tenth of its time at least', 3_600_000, 30_000],
    ])('has %s where it is only confirmed', async (_, agoMs, settleMs) => {
      const id = await closeMeanwhile();
      const since = new Date(Date.now() - agoMs).toISOString();
      folder.database.prepare('UPDATE device_updates SET unconfirmed_since = ?').run(since);
      const jobs: DeliveryJob[] = [];
      const confirmed = confirmWith(async () => undefined);
      script = async (job, ...rest) => {
        jobs.push(job);
        return confirmed(job, ...rest);
      };
      await resume(id);
      await follow(id);
      const found = jobs[0]?.confirmation?.settleMs ?? 0;
      // The machine may be busy.
      expect(found).toBeGreaterThan(settleMs - 20_000);
      expect(found).toBeLessThanOrEqual(settleMs);
    });

    it('is only confirmed by the next try, too, when the first one failed on the way', async () => {
      script = confirmWith(async () => {
        script = confirmWith(async () => undefined);
        throw new PushrodError('WORKER_CRASHED', 'scripted');
      });
      const id = await pushOne({ retries: 1 });
      await follow(id);
      expect(journalled(id, 'a')).toEqual([...steps, 'retrying', 'confirming', 'succeeded']);
      expect(activations).toBe(1);
    });

    it('is not known to be well when no try is left', async () => {
      script = confirmWith(async () => {
        throw new PushrodError('WORKER_CRASHED', 'scripted');
      });
      const id = await pushOne();
      await follow(id);
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'failed', errorCode: 'ACTIVATION_UNKNOWN' });
    });

    it('is not known to be well when it is cancelled meanwhile', async () => {
      script = confirmWith(untilStopped);
      const id = await pushOne();
      await reached.promise;
      await updates.cancel(id, 'me');
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'failed', errorCode: 'ACTIVATION_UNKNOWN' });
    });

    it('is not known to be well when it is cancelled while it is interrupted', async () => {
      const id = await closeMeanwhile();
      await updates.cancel(id, 'me');
      expect(updates.get(id).update.state).toBe('cancelled');
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'failed', errorCode: 'ACTIVATION_UNKNOWN' });
    });

    it('is not known to be well when nobody saw the reboot that was to confirm it', async () => {
      profiles.set('flash', profile.parse({ activateCommand: 'flash', rebootExpected: true }));
      const id = await closeMeanwhile();
      script = confirmWith(async () => undefined);
      await resume(id);
      await follow(id);
      expect(deviceOf(id, 'a')).toMatchObject({
        ...{ state: 'failed', errorCode: 'ACTIVATION_UNKNOWN' },
        message: expect.stringContaining('nobody saw it reboot'),
      });
      expect(activations).toBe(1);
    });

    it('is tried as often as a push that was never interrupted', async () => {
      const id = await closeMeanwhile({ retries: 1 });
      script = confirmWith(async () => {
        script = confirmWith(async () => undefined);
        throw new PushrodError('WORKER_CRASHED', 'scripted');
      });
      await resume(id);
      await follow(id);
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'succeeded', attempt: 3 });
    });

    it('keeps the reason where the device shows a revoked host key afterwards', async () => {
      script = confirmWith(async () => {
        throw new PushrodError('HOST_KEY_REVOKED', 'scripted');
      });
      const id = await pushOne();
      await follow(id);
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'failed', errorCode: 'HOST_KEY_REVOKED' });
    });

    it('is not activated again when the profile no longer confirms it', async () => {
      const id = await closeMeanwhile();
      profiles.set('flash', profile.parse({ activateCommand: 'flash' }));
      script = confirmWith(async () => undefined);
      await resume(id);
      await follow(id);
      expect(deviceOf(id, 'a')).toMatchObject({ state: 'failed', errorCode: 'ACTIVATION_UNKNOWN' });
      expect(activations).toBe(1);
    });

    it('says that it was rolled back, and why', async () => {
      const because = new PushrodError('VERSION_NOT_CONFIRMED', 'it reports 1.0');
      script = async (_job, observer) => {
        for (const step of [...steps, 'rollingBack'] as const) await observer.entering(step);
        return { because };
      };
      const id = await pushOne();
      await follow(id);
      const ended = { state: 'rolledBack', errorCode: 'VERSION_NOT_CONFIRMED', message: 'it reports 1.0' };
      expect(deviceOf(id, 'a')).toMatchObject(ended);
    });

    it('is refused for firmware without a version to compare with', async () => {
      store.describe(firmware.sha256, { version: '' });
      await expect(pushOne()).rejects.toThrowError(
        expect.objectContaining({ code: 'INVALID_INPUT', details: [expect.objectContaining({ field: 'version' })] }),
      );
    });
  });

  it('is interrupted when Pushrod closes, and goes on when told to', async () => {
    const id = await pushUntil('transferring');
    await updates.close();
    folder.close();
    await open();
    expect(updates.get(id).update.state).toBe('interrupted');
    expect(statesOf(id)).toEqual(['interrupted', 'interrupted', 'interrupted']);
    script = succeed;
    await resume(id);
    await follow(id);
    expect(updates.get(id).update).toMatchObject({ state: 'completed', counts: { succeeded: 3 } });
    expect(deviceOf(id, 'a').attempt).toBe(2);
  });

  it('goes on under the name it began with, whatever the library calls the file since', async () => {
    const paths = new Set<string>();
    const id = await pushUntil('transferring');
    await updates.close();
    folder.close();
    await open();
    store.describe(firmware.sha256, { fileName: 'renamed.bin', version: '9' });
    script = (job, ...rest) => {
      for (const { remotePath } of job.files) paths.add(remotePath);
      return succeed(job, ...rest);
    };
    await resume(id);
    await follow(id);
    expect([...paths]).toEqual(['/tmp/fw.bin']);
  });

  it('is cancelled or goes on, never both', async () => {
    const id = await pushUntil('transferring');
    await updates.close();
    folder.close();
    await open();
    script = succeed;
    await Promise.all([resume(id), updates.cancel(id, 'me')]);
    expect(updates.get(id).update.state).toBe('cancelled');
    expect(new Set(statesOf(id))).toEqual(new Set(['cancelled']));
  });

  it('can be cancelled while it is interrupted', async () => {
    const id = await pushUntil('connecting');
    await updates.close();
    folder.close();
    await open();
    await updates.cancel(id, 'me');
    expect(updates.get(id).update.state).toBe('cancelled');
    expect(statesOf(id)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });
});

it('finds the truth after a crash, whatever state each device was in', async () => {
  const id = await push();
  await follow(id);
  const put = folder.database.prepare('UPDATE device_updates SET state = ? WHERE device_id = ?');
  put.run('activating', 'a');
  put.run('verifying', 'b');
  folder.database.exec("UPDATE updates SET state = 'running', ended_at = NULL");
  folder.close();
  await open();
  expect(updates.get(id).update.state).toBe('interrupted');
  expect(statesOf(id)).toEqual(['failed', 'interrupted', 'succeeded']);
  expect(deviceOf(id, 'a').errorCode).toBe('ACTIVATION_UNKNOWN');
});

it('misses an update by its id', async () => {
  const nobody = 'nobody' as UpdateId;
  expect(() => updates.get(nobody)).toThrowError(failsWith('UPDATE_NOT_FOUND'));
  expect(() => updates.watch(nobody, undefined)).toThrowError(failsWith('UPDATE_NOT_FOUND'));
  await expect(updates.cancel(nobody, 'me')).rejects.toThrowError(failsWith('UPDATE_NOT_FOUND'));
});
