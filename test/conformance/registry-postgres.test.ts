import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Lease, PutRow } from '../../src/main/registry/index.ts';
import { openPostgresRegistry, type PostgresOptions } from '../../src/main/registry/postgres/index.ts';
import { type DeviceId, devicePageRequest, newDevice } from '../../src/shared/model/index.ts';
import { freePort, has, type Postgres, startPostgres } from '../harness/index.ts';
import { describeDeviceRegistry } from './device-registry.ts';
import { testContext } from './device-registry-model.ts';

type Status = Parameters<PostgresOptions['onStatus']>[0];

describe.runIf(has('postgres'))('a registry in a real PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  describeDeviceRegistry('of one bench', async (context) =>
    openPostgresRegistry({
      url: await postgres.createDatabase(),
      benchName: 'bench',
      context,
      onStatus: () => undefined,
    }),
  );

  /** A bench of its own, closed when the test has run. Every change and status it is told of is kept. */
  async function openBench(url: string, options: Partial<PostgresOptions> = {}) {
    const context = testContext();
    const statuses: Status[] = [];
    const onStatus = (status: Status) => void statuses.push(status);
    let ids = 0;
    const newId = () => `${options.benchName ?? 'bench'}-${++ids}`;
    const opened = await openPostgresRegistry({
      ...{ url, benchName: 'bench', context: Object.assign(context, { newId }), onStatus },
      ...options,
    });
    onTestFinished(() => opened.close());
    return { ...opened, context, statuses };
  }
  const rows = (...devices: object[]): PutRow[] =>
    devices.map((given) => ({ device: newDevice.parse({ address: '192.0.2.1', ...given }), given: {} }));
  const everything = devicePageRequest.parse({});
  const fail = { onConflict: 'fail' } as const;
  const id = 'a' as DeviceId;
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it should have failed'),
      (thrown: Error) => thrown,
    );

  describe('of several benches', () => {
    it('tells a change to the others within a second, and to its own bench once', async () => {
      const url = await postgres.createDatabase();
      const told = Promise.withResolvers<void>();
      const [one, other] = [await openBench(url), await openBench(url)];
      other.context.onChange = told.resolve;
      const startedAtMs = performance.now();
      await one.registry.put([rows({ id, name: 'cam' })], fail);
      await told.promise;
      expect(performance.now() - startedAtMs).toBeLessThan(1_000);
      expect((await other.registry.get(id)).name).toBe('cam');
      // What was sent before it has arrived when the other's change has.
      const back = Promise.withResolvers<void>();
      one.context.onChange = () => back.resolve();
      expect(one.context.changes).toBe(1);
      await other.registry.change({ ids: [id] }, { status: 'online' });
      await back.promise;
      expect(one.context.changes).toBe(1);
    });

    it('counts anew what another bench changed', async () => {
      const url = await postgres.createDatabase();
      const [one, other] = [await openBench(url), await openBench(url)];
      expect((await one.registry.list(everything)).total).toBe(0);
      await other.registry.put([rows({ name: 'cam' })], fail);
      expect((await one.registry.list(everything)).total).toBe(1);
      expect((await one.registry.facets({})).total).toBe(1);
    });

    it('takes a device from one of them when both add it at once', async () => {
      const url = await postgres.createDatabase();
      const benches = [await openBench(url), await openBench(url)];
      const results = await Promise.all(
        benches.map(({ registry }) => registry.put([rows({ id, name: 'cam' }, { name: 'plc' })], fail)),
      );
      expect(results.map(({ added }) => added).toSorted()).toEqual([0, 2]);
      expect(results.map(({ faults }) => faults.length).toSorted()).toEqual([0, 2]);
    });

    it('lets one wait for another no longer than it wants to, and one device change meanwhile', async () => {
      const url = await postgres.createDatabase();
      const [one, other] = [await openBench(url), await openBench(url)];
      await one.registry.put([rows({ id, name: 'cam' })], fail);
      const { promise: more, resolve: goOn } = Promise.withResolvers<void>();
      const { promise: started, resolve: start } = Promise.withResolvers<void>();
      async function* slowly() {
        yield rows({ name: 'first' });
        start();
        await more;
      }
      const slow = one.registry.put(slowly(), fail);
      await started;
      for (const { registry } of [one, other]) {
        const abort = new AbortController();
        const removal = refused(registry.remove({ all: true }, abort.signal));
        expect(await registry.change({ ids: [id] }, { status: 'online' })).toBe(1);
        abort.abort(new Error('enough'));
        expect((await removal).message).toBe('enough');
      }
      goOn();
      expect(await slow).toMatchObject({ added: 1 });
      expect(await other.registry.remove({ all: true })).toMatchObject({ removed: 2 });
    });

    it('changes each of many devices once, even if that takes it out of the filter', async () => {
      const { registry } = await openBench(await postgres.createDatabase());
      const many = Array.from({ length: 4_500 }, (_, index) => ({ id: `d${index}`, name: `cam ${index}` }));
      await registry.put([rows(...many)], fail);
      const filter = { status: ['unknown' as const] };
      expect(await registry.change({ filter }, { status: 'online', location: 'roof' })).toBe(4_500);
      expect(await registry.facets({ location: ['roof'] })).toMatchObject({ total: 4_500, status: { distinct: 1 } });
      expect(await registry.change({ filter }, { status: 'offline' })).toBe(0);
      const ids = many.map((device) => device.id as DeviceId);
      expect(await registry.change({ ids }, { status: 'offline' })).toBe(4_500);
    });

    it('undoes a removal of another bench, unless one came after it', async () => {
      const url = await postgres.createDatabase();
      const [one, other] = [await openBench(url, { benchName: 'one' }), await openBench(url, { benchName: 'other' })];
      await one.registry.put([rows({ id, name: 'cam' }, { name: 'plc' })], fail);
      const { removalId } = await one.registry.remove({ ids: [id] });
      expect(await other.registry.restore(removalId)).toBe(1);
      const first = await one.registry.remove({ ids: [id] });
      await other.registry.remove({ all: true });
      await expect(one.registry.restore(first.removalId)).rejects.toMatchObject({ code: 'CONFLICT' });
    });
  });

  describe('when it is opened', () => {
    it('is made once by benches that come at the same time', async () => {
      const url = await postgres.createDatabase();
      const benches = await Promise.all([openBench(url), openBench(url), openBench(url)]);
      for (const [index, { registry }] of benches.entries()) {
        expect(await registry.put([rows({ id: `d${index}`, name: 'cam' })], fail)).toMatchObject({ added: 1 });
      }
    });

    it('is refused as that of a newer Pushrod, and left alone', async () => {
      const url = await postgres.createDatabase();
      await (await openBench(url)).close();
      await postgres.runAsSuperuser(
        url,
        'UPDATE pushrod.schema_version SET version = 99; DROP INDEX pushrod.devices_by_search',
      );
      const refusal = { code: 'DATA_FOLDER_TOO_NEW', message: expect.stringMatching(/newer Pushrod.*schema 99/) };
      for (const _ of [1, 2]) await expect(openBench(url)).rejects.toMatchObject(refusal);
      // It did not put back the index: one of this name can be made.
      await postgres.runAsSuperuser(url, 'CREATE INDEX devices_by_search ON pushrod.devices (id)');
    });

    it('says why it cannot be reached, without the password', async () => {
      const url = new URL(await postgres.createDatabase());
      const wrong = Object.assign(new URL(url), { password: 'open%20sesame' });
      const nowhere = Object.assign(new URL(url), { port: String(await freePort()) });
      const missing = Object.assign(new URL(url), { pathname: '/nothing' });
      for (const [tried, reason] of [
        [wrong, 'password authentication failed'],
        [nowhere, 'ECONNREFUSED'],
        [missing, 'does not exist'],
      ] as const) {
        const error = await refused(openBench(tried.href));
        expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
        expect(error.message).toContain(reason);
        expect(error.message).toContain(`bench@127.0.0.1:${tried.port}`);
        expect(JSON.stringify([error, error.message, error.cause])).not.toMatch(/sesame/);
        expect(error.message).not.toContain(url.password);
      }
      const error = await refused(openBench(`mysql://root:${url.password}@127.0.0.1/x`));
      expect(error).toMatchObject({ code: 'INVALID_INPUT' });
      expect(error.message).not.toContain(url.password);
    });

    it('does without trigrams where it may not have them, and says so', async () => {
      const url = await postgres.createDatabase();
      const database = new URL(url).pathname.slice(1);
      await postgres.runAsSuperuser(
        url,
        `ALTER DATABASE ${database} OWNER TO postgres; CREATE SCHEMA pushrod AUTHORIZATION bench`,
      );
      const { registry, statuses } = await openBench(url);
      expect(statuses).toEqual([{ connected: true, message: expect.stringContaining('CREATE EXTENSION pg_trgm') }]);
      await registry.put([rows({ name: 'Gateway' })], fail);
      const found = await registry.list(devicePageRequest.parse({ filter: { search: 'tew' } }));
      expect(found.total).toBe(1);
    });
  });

  describe('when its server goes away', () => {
    it('says so, refuses meanwhile, and goes on by itself', async () => {
      const { registry, statuses, context } = await openBench(await postgres.createDatabase());
      await registry.put([rows({ id, name: 'cam' })], fail);
      await postgres.kill();
      await vi.waitFor(() => expect(statuses).toHaveLength(1), 10_000);
      expect(statuses[0]).toEqual({ connected: false, message: expect.stringContaining('The shared registry bench@') });
      await expect(registry.get(id)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
      await expect(registry.put([rows({ name: 'plc' })], fail)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
      await postgres.restart();
      await vi.waitFor(() => expect(statuses).toHaveLength(2), 10_000);
      expect(statuses[1]).toEqual({ connected: true });
      expect(context.changes).toBe(2);
      expect((await registry.get(id)).name).toBe('cam');
      expect(await registry.put([rows({ name: 'plc' })], fail)).toMatchObject({ added: 1 });
    });

    it('leaves no trace of a put that was under way', async () => {
      const { registry } = await openBench(await postgres.createDatabase());
      async function* untilItIsGone() {
        yield rows({ name: 'first' });
        await postgres.restart();
        yield rows({ name: 'second' });
      }
      await expect(registry.put(untilItIsGone(), fail)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
      await vi.waitFor(async () => expect((await registry.list(everything)).total).toBe(0), 10_000);
    });

    it('notices a link that hangs, and lets nobody wait on it', async () => {
      const link = await startLink(postgres.port);
      const { registry, statuses } = await openBench(link.through(await postgres.createDatabase()), {
        heartbeatMs: 100,
      });
      await registry.put([rows({ id, name: 'cam' })], fail);
      link.freeze();
      const hanging = [registry.get(id), registry.list(everything), registry.remove({ all: true })].map(refused);
      for (const error of await Promise.all(hanging)) expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
      expect(statuses).toEqual([{ connected: false, message: expect.stringContaining('does not answer') }]);
      link.thaw();
      await vi.waitFor(() => expect(statuses.at(-1)).toEqual({ connected: true }), 15_000);
      expect((await registry.get(id)).name).toBe('cam');
    });
  });

  describe('lends a device', () => {
    const isHeld = (lease: Lease | { heldBy: string }): Lease =>
      'lost' in lease ? lease : expect.fail(`held by ${lease.heldBy}`);

    it('to one bench at a time', async () => {
      const url = await postgres.createDatabase();
      const [one, other] = [await openBench(url, { benchName: 'one' }), await openBench(url, { benchName: 'other' })];
      const lease = isHeld(await one.leases.acquire(id));
      expect(await other.leases.acquire(id)).toEqual({ heldBy: 'one' });
      expect(await one.leases.acquire(id)).toEqual({ heldBy: 'one' });
      expect(await other.leases.heldElsewhere()).toEqual(new Map([[id, 'one']]));
      expect(await one.leases.heldElsewhere()).toEqual(new Map());
      isHeld(await other.leases.acquire('b' as DeviceId));
      await lease.release();
      isHeld(await other.leases.acquire(id));
      await lease.release();
      expect(await one.leases.acquire(id)).toEqual({ heldBy: 'other' });
      expect(lease.lost.aborted).toBe(false);
      await other.close();
      isHeld(await one.leases.acquire(id));
    });

    it('for as long as it is renewed', async () => {
      const url = await postgres.createDatabase();
      const [one, other] = [await openBench(url, { benchName: 'one', leaseMs: 1_200 }), await openBench(url)];
      const lease = isHeld(await one.leases.acquire(id));
      const until = performance.now() + 2_500;
      await vi.waitUntil(
        async () => {
          expect(await other.leases.acquire(id)).toEqual({ heldBy: 'one' });
          return performance.now() > until;
        },
        { timeout: 10_000 },
      );
      expect(lease.lost.aborted).toBe(false);
    });

    it('to another when a bench was killed', async () => {
      const url = await postgres.createDatabase();
      const index = fileURLToPath(new URL('../../src/main/registry/postgres/index.ts', import.meta.url));
      const code = `
        import { openPostgresRegistry } from ${JSON.stringify(index)};
        const context = { now: Date.now, newId: () => 'x', onChange() {} };
        const { leases } = await openPostgresRegistry({ url: process.env.REGISTRY, benchName: 'dying', context, onStatus() {}, leaseMs: 900 });
        await leases.acquire('${id}');
        console.log('holds it');
        setInterval(() => undefined, 1000);`;
      const options = { env: { ...process.env, REGISTRY: url }, stdio: ['ignore', 'pipe', 'inherit'] as const };
      const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
        ...options,
        stdio: [...options.stdio],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      await once(child.stdout, 'data');
      const { leases } = await openBench(url);
      expect(await leases.acquire(id)).toEqual({ heldBy: 'dying' });
      child.kill('SIGKILL');
      await vi.waitFor(async () => isHeld(await leases.acquire(id)), 10_000);
    });

    it('no longer than the bench can know, before another may have it', async () => {
      const url = await postgres.createDatabase();
      const link = await startLink(postgres.port);
      const one = await openBench(link.through(url), { benchName: 'one', leaseMs: 1_200 });
      const other = await openBench(url);
      const lease = isHeld(await one.leases.acquire(id));
      link.cut();
      await vi.waitFor(async () => isHeld(await other.leases.acquire(id)), 10_000);
      expect(lease.lost.aborted).toBe(true);
    });

    it('no longer to a bench that finds it taken', async () => {
      const url = await postgres.createDatabase();
      const { leases } = await openBench(url, { leaseMs: 600 });
      const lease = isHeld(await leases.acquire(id));
      await postgres.runAsSuperuser(url, "UPDATE pushrod.device_leases SET token = gen_random_uuid(), bench = 'thief'");
      await once(lease.lost, 'abort');
      expect(await leases.acquire(id)).toEqual({ heldBy: 'thief' });
    });
  });
});

/** A link to the server that can be made to hang, or be cut for good. */
async function startLink(port: number) {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((client) => {
    const remote = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, remote],
      [remote, client],
    ] as const) {
      sockets.add(from);
      if (isFrozen) from.pause();
      from.on('error', () => undefined);
      from.on('data', (chunk) => to.write(chunk));
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(cut);
  return {
    through: (url: string) => Object.assign(new URL(url), { port: (server.address() as AddressInfo).port }).href,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
  };
}
