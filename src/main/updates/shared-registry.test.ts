import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { has, type Postgres, startPostgres } from '../../../test/harness/index.ts';
import { openScripted, succeed } from '../../../test/harness/scripted-updates.ts';
import { type DeviceId, newDevice, type PushRequest, pushRequest, type UpdateId } from '../../shared/model/index.ts';
import { openRegistry } from '../registry/index.ts';

const entry = new URL('../registry/worker/thread.ts', import.meta.url);
const gateway = 'gw' as DeviceId;

describe.skipIf(!has('postgres'))('an update of devices that benches share', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  /** This bench, with one device, and another one. */
  const openBenches = async (given: Partial<Parameters<typeof openScripted>[1]> = {}) => {
    const url = await postgres.createDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), 'pushrod-shared-'));
    const placeOf = (benchName: string) => ({ kind: 'shared' as const, url, benchName });
    const other = await openRegistry({ place: placeOf('bench-2'), entry, onChange: () => undefined });
    const bench = await openScripted(dataDir, { script: succeed, place: placeOf('bench-1'), ...given });
    onTestFinished(async () => {
      await bench.close();
      await other.close();
      rmSync(dataDir, { recursive: true });
    });
    await bench.devices.register([newDevice.parse({ id: gateway, name: 'gw', address: 'gw.example' })]);
    const request = (given: Partial<PushRequest>) =>
      pushRequest.parse({ firmware: bench.firmware.sha256, selection: { all: true }, ...given });
    const push = (given: Partial<PushRequest>) => bench.updates.push(request(given), 'me');
    const deviceOf = (id: UpdateId) => bench.updates.get(id).devices[0];
    const forecast = async (given: Partial<PushRequest>) =>
      (await bench.updates.forecast(request(given), false, undefined)).devices[0];
    return { other, push, deviceOf, forecast, status: bench.devices.status };
  };
  const eventually = (check: () => void) => vi.waitFor(check, 20_000);
  const held = { errorCode: 'LEASED_ELSEWHERE', message: 'bench-2 is pushing to "gw".' };

  it('skips a device that another bench has for longer than it is to be waited for, as was predicted', async () => {
    const { other, push, deviceOf, forecast } = await openBenches();
    await other.leases.acquire(gateway);
    const given = { patienceMs: 1_000 };
    expect(await forecast(given)).toMatchObject({ action: 'skip', bytesTotal: 0, ...held });
    const id = await push(given);
    await eventually(() =>
      expect(deviceOf(id)).toMatchObject({ message: 'Waiting: bench-2 is pushing to this device.' }),
    );
    await eventually(() => expect(deviceOf(id)).toMatchObject({ state: 'skipped', ...held }));
  });

  it('waits for it where no patience is named, and says so beforehand', async () => {
    const { other, push, deviceOf, forecast } = await openBenches();
    const lease = await other.leases.acquire(gateway);
    expect(await forecast({})).toMatchObject({ action: 'push', errorCode: null, message: held.message });
    const id = await push({});
    await eventually(() =>
      expect(deviceOf(id)).toMatchObject({ message: expect.stringContaining('Waiting: bench-2') }),
    );
    if ('heldBy' in lease) throw lease;
    await lease.release();
    await eventually(() => expect(deviceOf(id)).toMatchObject({ state: 'succeeded' }));
    expect(await forecast({ patienceMs: 1_000 })).toMatchObject({ action: 'push', message: null });
  });

  it('is not given up because the registry was away', async () => {
    let nowMs = Date.now();
    let looks = 0;
    let isReachable = false;
    const { push, deviceOf, status } = await openBenches({
      clock: { now: () => nowMs },
      isReachable: () => {
        looks += 1;
        return isReachable;
      },
    });
    /** Until what a round of looking leads to is done. */
    const twoRounds = () => {
      const before = looks;
      return eventually(() => expect(looks).toBeGreaterThan(before + 1));
    };
    const [patienceMs, long] = [3_600_000, 7_200_000];
    const id = await push({ onConnect: true, patienceMs });
    await postgres.kill();
    await eventually(() => expect(status().connected).toBe(false));
    await twoRounds();
    nowMs += long;
    await twoRounds();
    expect(deviceOf(id)).toMatchObject({ state: 'pending' });
    await postgres.restart();
    await eventually(() => expect(status().connected).toBe(true));
    await twoRounds();
    expect(deviceOf(id)).toMatchObject({ state: 'pending' });
    isReachable = true;
    await eventually(() => expect(deviceOf(id)).toMatchObject({ state: 'succeeded' }));
  });
});
