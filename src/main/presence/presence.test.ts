import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { freePort, temporaryDir } from '../../../test/harness/index.ts';
import { type Device, type DeviceId, newDevice, profile } from '../../shared/model/index.ts';
import { createCredentialStore, createSecretBox } from '../credentials/index.ts';
import { type DataFolder, openDataFolder, systemClock } from '../data/index.ts';
import { createWorkerDelivery, type Delivery } from '../delivery/index.ts';
import { createKnownHosts } from '../hosts/index.ts';
import { createProfileStore } from '../profiles/index.ts';
import { type Devices, openRegistry } from '../registry/index.ts';
import { createPresence, type Presence } from './index.ts';

const dir = temporaryDir();
const never = new AbortController().signal;
let runs = 0;
let folder: DataFolder;
let devices: Devices;
let delivery: Delivery;
let presence: Presence;
let listener: Server;
let connections: number;

/** The machine may be busy with other tests. */
const eventually = (isSo: () => unknown) => vi.waitFor(isSo, { timeout: 30_000 });

const add = (id: string, address: string, profileName?: string): Promise<Device> =>
  devices.add(newDevice.parse({ id, name: id, address, profile: profileName ?? null }));
const statusOf = async (id: string) => (await devices.get(id as DeviceId)).status;
const addressOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeEach(async () => {
  folder = openDataFolder(join(dir, `data-${++runs}`));
  const { database } = folder;
  const place = { kind: 'local' as const, file: folder.registryFile, backupDir: folder.backupDir };
  const entry = new URL('../registry/worker/thread.ts', import.meta.url);
  devices = await openRegistry({ place, entry, onChange: () => undefined });
  const profiles = createProfileStore(database);
  profiles.set('asked', profile.parse({ versionCommand: 'echo 1' }));
  profiles.set('behind', profile.parse({ jumpHost: `127.0.0.1:${await freePort()}` }));
  delivery = createWorkerDelivery(new URL('../delivery/worker/thread.ts', import.meta.url));
  const credentials = createCredentialStore(database, createSecretBox(folder.secretKeyFile, undefined), systemClock);
  credentials.add({ name: 'bench', username: 'root', secret: { kind: 'password', password: 'x' } });
  presence = createPresence({
    ...{ devices, database, profiles, credentials, delivery, clock: systemClock },
    hosts: createKnownHosts(folder.knownHostsFile),
    certificates: createKnownHosts(folder.knownCertificatesFile),
    limits: { mostAtOnce: 4, mostPerSecond: 1_000 },
  });
  connections = 0;
  listener = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.on('data', () => expect.fail('a round says nothing to a device'));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
});
afterEach(async () => {
  await presence.close();
  await delivery.close();
  await devices.close();
  folder.close();
  listener.close();
});

it('rounds find who is there, again and again, and log in nowhere', async () => {
  await add('there', addressOf(listener), 'asked');
  await add('gone', `127.0.0.1:${await freePort()}`);
  await add('behind', addressOf(listener), 'behind');
  expect(presence.rounds.get()).toEqual({ intervalMs: null });
  presence.rounds.set({ intervalMs: 20 });
  await eventually(async () => {
    expect([await statusOf('there'), await statusOf('gone')]).toEqual(['online', 'offline']);
    expect(connections).toBeGreaterThan(2);
  });
  expect(await statusOf('behind')).toBe('unknown');
  presence.rounds.set({ intervalMs: null });
  expect(presence.rounds.get()).toEqual({ intervalMs: null });
});

it('a round that fails is followed by the next', async () => {
  await add('there', addressOf(listener));
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(devices, 'select').mockRejectedValueOnce(new Error('the registry cannot be reached'));
  presence.rounds.set({ intervalMs: 20 });
  await eventually(() => expect(connections).toBeGreaterThan(0));
  expect(told).toHaveBeenCalledTimes(1);
  vi.restoreAllMocks();
});

it('says of one device whether it can be reached now', async () => {
  const there = await add('there', addressOf(listener), 'asked');
  const behind = await add('behind', addressOf(listener), 'behind');
  expect(await presence.isReachable(there, never)).toBe(true);
  expect(await presence.isReachable(behind, never)).toBe(false);
  const gone = new AbortController();
  gone.abort(new Error('enough'));
  await expect(presence.isReachable(there, gone.signal)).rejects.toThrow('enough');
});
