import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import createMulticastDns from 'multicast-dns';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type App, createApp } from '../../src/main/app.ts';
import type { PushrodClient } from '../../src/shared/contract/index.ts';
import type { FoundDevice } from '../../src/shared/model/index.ts';
import { freePort, has, startSshd, temporaryDir } from '../harness/index.ts';

const dir = temporaryDir();
let app: App;
let client: PushrodClient;
beforeAll(async () => {
  app = await createApp({ dataDir: join(dir, 'data') });
  client = app.client('terminal');
});
afterAll(() => app.close());

/** Six addresses that only this machine has. */
const subnet = '127.0.0.0/29';
const discover = async (...ports: number[]) => (await client.devices.discover({ subnet, ports })).found;
/** Other tests may listen on the same port of another address. */
const at = (found: FoundDevice[], port: number, host = '127.0.0.1') =>
  found.find(({ address }) => address === `${host}:${port}`);

async function startListener(host: string): Promise<{ port: number; received: Buffer[] }> {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => received.push(chunk));
  });
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, received };
}

async function startDevice() {
  const sshd = await startSshd({ config: ['LogLevel VERBOSE'] });
  onTestFinished(() => sshd.stop());
  return sshd;
}

it('what listens at any address of the subnet is found, and is sent nothing', async () => {
  const { port, received } = await startListener('127.0.0.5');
  const found = await discover(port, await freePort());
  const nothingKnown = { announced: null, keyType: null, fingerprint: null, knownAs: null };
  expect(at(found, port, '127.0.0.5')).toEqual({ address: `127.0.0.5:${port}`, ...nothingKnown });
  expect(received).toEqual([]);
});

it('what speaks no SSH is known by its address', async () => {
  const { port } = await startListener('127.0.0.3');
  const { id } = await client.devices.add({ name: 'web', address: `127.0.0.3:${port}` });
  const found = at(await discover(port), port, '127.0.0.3');
  expect(found?.knownAs).toEqual({ id, name: 'web', address: `127.0.0.3:${port}`, matchedBy: 'address' });
});

it.skipIf(!has('sshd'))('a host key is shown, and stays unknown', async () => {
  const sshd = await startDevice();
  const found = at(await discover(sshd.port), sshd.port);
  expect(found).toMatchObject({
    keyType: 'ssh-ed25519',
    fingerprint: expect.stringMatching(/^SHA256:/),
    knownAs: null,
  });
  expect((await client.hosts.list()).hosts).toEqual([]);
  expect(sshd.log()).not.toMatch(/Accepted|Failed/);
});

it.skipIf(!has('sshd'))(
  'a device is known by its host key wherever it is, and another key is another device',
  async () => {
    const sshd = await startDevice();
    const { id } = await client.devices.add({ name: 'board', address: sshd.address });
    expect(at(await discover(sshd.port), sshd.port)?.knownAs).toMatchObject({ id, matchedBy: 'address' });
    await client.hosts.trust({ id });
    expect(at(await discover(sshd.port), sshd.port)?.knownAs).toMatchObject({ id, matchedBy: 'hostKey' });

    const { hosts } = await client.hosts.list();
    const moved = `127.0.0.4:${sshd.port}`;
    await client.devices.update({ id, changes: { address: moved } });
    const { content } = await client.hosts.export();
    await client.hosts.import({ content: content.replaceAll('[127.0.0.1]', '[127.0.0.4]') });
    expect(hosts).toHaveLength(1);
    expect(at(await discover(sshd.port), sshd.port)?.knownAs).toMatchObject({
      id,
      address: moved,
      matchedBy: 'hostKey',
    });

    await sshd.restartWithNewHostKey();
    await client.devices.update({ id, changes: { address: sshd.address } });
    expect(at(await discover(sshd.port), sshd.port)?.knownAs).toBeNull();
  },
);

const [ownAddress] = Object.values(networkInterfaces()).flatMap(
  (found) => found?.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? [],
);

it.skipIf(!ownAddress)('what announces itself is found under the name it gives itself', async () => {
  const host = ownAddress ?? '';
  const { port } = await startListener(host);
  const instance = `board ${port}._ssh._tcp.local`;
  const responder = createMulticastDns({ interface: host, bind: '0.0.0.0' });
  onTestFinished(() => new Promise<void>((resolve) => responder.destroy(resolve)));
  responder.on('query', ({ questions }) => {
    if (!questions.some(({ name }) => name === '_ssh._tcp.local')) return;
    responder.respond({
      answers: [{ name: '_ssh._tcp.local', type: 'PTR', data: instance }],
      additionals: [
        { name: instance, type: 'SRV', data: { target: 'board.local', port } },
        { name: 'board.local', type: 'A', data: host },
      ],
    });
  });
  await once(responder, 'ready');
  const { found } = await client.devices.discover({ listenMs: 2_000 });
  expect(at(found, port, host)).toMatchObject({ announced: { name: `board ${port}`, service: '_ssh._tcp' } });
});

it.each([
  ['8.8.8.0/24', 'is not a subnet of this laptop'],
  ['127.0.0.0/8', 'has over 4096 addresses'],
])('%s is not looked through: it %s', async (refused, why) => {
  await expect(client.devices.discover({ subnet: refused })).rejects.toMatchObject({
    message: expect.stringContaining(why),
    data: { code: 'INVALID_INPUT', details: [{ field: 'subnet' }] },
  });
});

it('a search that is cancelled ends at once', async () => {
  const { port } = await startListener('127.0.0.1');
  const asked = expect(client.devices.discover({ subnet: '127.0.0.0/20', ports: [port] })).rejects.toMatchObject({
    data: { code: 'CANCELLED' },
  });
  for await (const { tasks } of await client.tasks.watch()) {
    const task = tasks.find(({ kind, devices }) => kind === 'discover' && devices > 0);
    if (!task) continue;
    await client.tasks.cancel({ taskId: task.id });
    break;
  }
  await asked;
});
