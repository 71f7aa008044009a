import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/main/app.ts';
import { openRegistry } from '../../src/main/registry/index.ts';
import { type DeviceId, newDevice } from '../../src/shared/model/index.ts';
import { has, type Postgres, startPostgres, temporaryDir } from '../harness/index.ts';

const dir = temporaryDir();
const entry = new URL('../../src/main/registry/worker/thread.ts', import.meta.url);
const gateway = newDevice.parse({ id: 'gw', name: 'gw', address: '192.0.2.1' });

describe.skipIf(!has('postgres'))('a registry that benches share', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  const openBench = async (name: string, url: string, onDevices: () => void = () => undefined) =>
    openRegistry({
      place: { kind: 'shared', url, benchName: name },
      entry,
      onChange: (what) => what === 'devices' && onDevices(),
    });

  it('tells each bench what the other changed, and lets one at a time hold a device', async () => {
    const url = await postgres.createDatabase();
    const changed = Promise.withResolvers<void>();
    const [one, two] = [await openBench('one', url, changed.resolve), await openBench('two', url)];
    await two.add(gateway);
    await changed.promise;
    expect(await one.get('gw' as DeviceId)).toMatchObject({ name: 'gw' });
    const lease = await one.leases.acquire('gw' as DeviceId);
    expect(await two.leases.acquire('gw' as DeviceId)).toEqual({ heldBy: 'one' });
    if ('heldBy' in lease) throw lease;
    await lease.release();
    expect(await two.leases.acquire('gw' as DeviceId)).not.toHaveProperty('heldBy');
    await Promise.all([one.close(), two.close()]);
  });

  it('may be out of reach when Pushrod starts: it says so, and goes on by itself when it is back', async () => {
    const registry = await postgres.createDatabase();
    await postgres.kill();
    const app = await createApp({ dataDir: join(dir, 'data'), registry, withoutRegistry: true });
    const client = app.client('window');
    const stop = new AbortController();
    try {
      await expect(client.devices.list({})).rejects.toMatchObject({ data: { code: 'REGISTRY_UNREACHABLE' } });
      const events = await client.events.watch(undefined, { signal: stop.signal });
      const told = (async () => {
        for await (const { changed } of events) {
          if (changed.includes('registry') && (await client.registry.status()).connected) return;
        }
      })();
      await postgres.restart();
      await told;
      expect(await client.devices.add(gateway)).toMatchObject({ id: 'gw' });
      expect(await client.registry.status()).toMatchObject({ kind: 'shared', connected: true, message: null });
    } finally {
      stop.abort();
      await app.close();
    }
  });
});
