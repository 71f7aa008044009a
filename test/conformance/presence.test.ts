import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, createApp } from '../../src/main/app.ts';
import type { PushrodClient } from '../../src/shared/contract/index.ts';
import type { CheckedDevice, DeviceId } from '../../src/shared/model/index.ts';
import {
  freePort,
  has,
  makeCertificate,
  type Sshd,
  startHttpServer,
  startSshd,
  temporaryDir,
} from '../harness/index.ts';

const dir = temporaryDir();
let app: App;
let client: PushrodClient;

beforeAll(async () => {
  app = await createApp({ dataDir: join(dir, 'data') });
  client = app.client('terminal');
});
afterAll(() => app.close());

/** The machine may be busy with other tests. */
const eventually = (isSo: () => unknown) => vi.waitFor(isSo, { timeout: 30_000 });

let added = 0;
async function add(address: string, profile: object = {}): Promise<DeviceId> {
  const name = `device-${++added}`;
  await client.profiles.set({ name, profile });
  const { id } = await client.devices.add({ name, address, profile: name });
  return id;
}

async function check(...ids: DeviceId[]): Promise<CheckedDevice[]> {
  return (await client.devices.check({ selection: { ids } })).devices;
}

/** Takes connections and says nothing. */
async function startSilent(): Promise<{ server: Server; port: number; received: Buffer[]; open(): number }> {
  const received: Buffer[] = [];
  let open = 0;
  const server = createServer((socket) => {
    open += 1;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('close', () => {
      open -= 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, received, open: () => open };
}

it('a device whose port takes connections is online, and sees no byte where no version is asked for', async () => {
  const silent = await startSilent();
  const since = new Date().toISOString();
  const there = await add(`127.0.0.1:${silent.port}`);
  const gone = await add(`127.0.0.1:${await freePort()}`);
  const { devices, online, offline } = await client.devices.check({ selection: { ids: [there, gone] } });
  expect({ online, offline }).toEqual({ online: 1, offline: 1 });
  expect(devices).toEqual([
    expect.objectContaining({ id: there, status: 'online', firmwareVersion: null }),
    expect.objectContaining({ id: gone, status: 'offline', lastSeen: null, errorCode: 'UNREACHABLE' }),
  ]);
  expect(devices[0]?.lastSeen && devices[0].lastSeen >= since).toBe(true);
  expect(devices[0]).not.toHaveProperty('errorCode');
  await eventually(async () => {
    expect(await client.devices.get({ id: there })).toMatchObject({ status: 'online', lastSeen: devices[0]?.lastSeen });
    expect(await client.devices.get({ id: gone })).toMatchObject({ status: 'offline', lastSeen: null });
  });
  await eventually(() => expect(silent.open()).toBe(0));
  expect(silent.received).toEqual([]);
  silent.server.close();
});

it('a check that is cancelled ends at once and leaves no connection', async () => {
  const silent = await startSilent();
  const id = await add(`127.0.0.1:${silent.port}`, { transport: 'http', http: { versionPath: '/version' } });
  const asked = expect(client.devices.check({ selection: { ids: [id] } })).rejects.toMatchObject({
    data: { code: 'CANCELLED' },
  });
  await eventually(() => expect(silent.received.length).toBe(1));
  for await (const { tasks } of await client.tasks.watch()) {
    expect(tasks).toMatchObject([{ kind: 'check', devices: 0 }]);
    for (const { id: taskId } of tasks) await client.tasks.cancel({ taskId });
    break;
  }
  await asked;
  await eventually(() => expect(silent.open()).toBe(0));
  silent.server.close();
});

it('a device of a profile that is gone is unknown, and the others are looked for', async () => {
  const silent = await startSilent();
  const imported = JSON.stringify([{ id: 'orphan', name: 'orphan', address: '192.0.2.1', profile: 'yet-to-come' }]);
  await client.devices.import({ source: { content: imported } });
  const there = await add(`127.0.0.1:${silent.port}`);
  const [orphan, online] = (await check('orphan' as DeviceId, there)).sort((a, b) => b.name.localeCompare(a.name));
  expect(orphan).toMatchObject({ status: 'unknown', errorCode: 'PROFILE_NOT_FOUND' });
  expect(online).toMatchObject({ status: 'online' });
  silent.server.close();
});

describe('over HTTP', () => {
  it('the version is what the device tells at the path of its profile', async () => {
    const server = await startHttpServer((_, response) => response.end('{"version":"7.1"}'));
    const id = await add(server.address, { transport: 'http', http: { versionPath: '/{device.name}/version' } });
    expect(await check(id)).toEqual([expect.objectContaining({ status: 'online', firmwareVersion: '7.1' })]);
    await eventually(async () => expect((await client.devices.get({ id })).firmwareVersion).toBe('7.1'));
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET /device-${added}/version`]);
    await server.close();
  });

  it('a device that tells none is online, with what it said instead', async () => {
    const server = await startHttpServer((_, response) => response.writeHead(404).end());
    const id = await add(server.address, { transport: 'http', http: { versionPath: '/version' } });
    expect(await check(id)).toEqual([
      expect.objectContaining({ status: 'online', firmwareVersion: null, errorCode: 'REMOTE_PATH_INVALID' }),
    ]);
    await server.close();
  });

  it('a certificate that nobody accepted stays unknown, and nothing is asked', async () => {
    const server = await startHttpServer((_, response) => response.end('1'), {
      certificate: makeCertificate(dir, 'device'),
    });
    const id = await add(server.address, { transport: 'http', http: { versionPath: '/version', tls: {} } });
    expect(await check(id)).toEqual([expect.objectContaining({ status: 'online', errorCode: 'HOST_KEY_UNKNOWN' })]);
    expect(server.requests).toEqual([]);
    await client.hosts.trust({ id });
    expect(await check(id)).toEqual([expect.objectContaining({ status: 'online', firmwareVersion: '1' })]);
    await server.close();
  });
});

describe.skipIf(!has('sshd'))('over SSH', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd({ config: ['LogLevel VERBOSE'] });
    const privateKey = readFileSync(sshd.key.file, 'utf8');
    await client.credentials.add({ name: 'bench', username: sshd.user.name, secret: { kind: 'key', privateKey } });
    await client.credentials.add({
      ...{ name: 'wrong', username: sshd.user.name },
      secret: { kind: 'password', password: 'not this one' },
    });
  });
  afterAll(() => sshd.stop());
  const asking = (versionCommand: string, more: object = {}) => ({ credential: 'bench', versionCommand, ...more });

  it('a host key that is not known yet stays unknown: nobody logs in', async () => {
    const id = await add(sshd.address, asking('echo 1.2.3'));
    expect(await check(id)).toEqual([
      expect.objectContaining({ status: 'online', firmwareVersion: null, errorCode: 'HOST_KEY_UNKNOWN' }),
    ]);
    expect((await client.hosts.list()).hosts).not.toContainEqual(
      expect.objectContaining({ host: `[127.0.0.1]:${sshd.port}` }),
    );
    expect(sshd.log()).not.toMatch(/Accepted|Failed/);
  });

  it('the version is what the command of the profile prints', async () => {
    const id = await add(
      sshd.address,
      asking('echo "Linux {device.name}, release 1.2.3"', { versionPattern: '[\\d.]+$' }),
    );
    await client.hosts.trust({ id });
    expect(await check(id)).toEqual([expect.objectContaining({ status: 'online', firmwareVersion: '1.2.3' })]);
    await eventually(async () => expect((await client.devices.get({ id })).firmwareVersion).toBe('1.2.3'));
  });

  it.each([
    ['refuses the login', { credential: 'wrong', versionCommand: 'echo 1' }, 'AUTH_FAILED'],
    ['tells no version', asking('exit 1'), 'DEVICE_ERROR'],
    ['is asked by what only a push knows', asking('echo {firmware.version}'), 'INVALID_INPUT'],
    ['has a login that is not there', { credential: 'nobody', versionCommand: 'echo 1' }, 'CREDENTIAL_NOT_FOUND'],
  ])('a device that %s is online all the same, and says why', async (_, profile, errorCode) => {
    const id = await add(sshd.address, profile);
    await client.hosts.trust({ id });
    expect(await check(id)).toEqual([expect.objectContaining({ status: 'online', firmwareVersion: null, errorCode })]);
  });

  it('a device behind a jump host is looked for through it', async () => {
    const device = await startSshd();
    const privateKey = readFileSync(device.key.file, 'utf8');
    await client.credentials.add({ name: 'inner', username: device.user.name, secret: { kind: 'key', privateKey } });
    const through = (at: string) => ({
      credential: 'inner',
      jumpHost: { host: '127.0.0.1', port: Number(at.split(':').at(-1)), credential: 'bench' },
    });
    const there = await add(device.address, { ...through(sshd.address), versionCommand: 'echo 4.5' });
    await client.hosts.trust({ id: there });
    const gone = await add(`127.0.0.1:${await freePort()}`, through(sshd.address));
    const behindNothing = await add(device.address, through(`127.0.0.1:${await freePort()}`));
    const stranger = await startSshd();
    const behindStranger = await add(device.address, through(stranger.address));
    expect((await check(there, gone, behindNothing, behindStranger)).sort(byAge)).toEqual([
      expect.objectContaining({ status: 'online', firmwareVersion: '4.5' }),
      expect.objectContaining({ status: 'offline', errorCode: 'UNREACHABLE' }),
      expect.objectContaining({ status: 'unknown', errorCode: 'UNREACHABLE' }),
      expect.objectContaining({ status: 'unknown', errorCode: 'HOST_KEY_UNKNOWN' }),
    ]);
    await stranger.stop();
    await device.stop();
  });

  it('a changed host key is told, and nobody logs in', async () => {
    const device = await startSshd({ config: ['LogLevel VERBOSE'] });
    const id = await add(device.address, asking('echo 1'));
    await client.hosts.trust({ id });
    await device.restartWithNewHostKey();
    expect(await check(id)).toEqual([expect.objectContaining({ status: 'online', errorCode: 'HOST_KEY_CHANGED' })]);
    expect(device.log()).not.toMatch(/Accepted|Failed/);
    await device.stop();
  });
});

const byAge = (a: CheckedDevice, b: CheckedDevice) => Number(a.name.split('-')[1]) - Number(b.name.split('-')[1]);
