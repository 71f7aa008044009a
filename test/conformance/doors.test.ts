import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type App, createApp } from '../../src/main/app.ts';
import {
  connectLocalSocket,
  localSocketPath,
  servePort,
  startLocalSocket,
  startServer,
} from '../../src/main/server/index.ts';
import type { PushrodClient } from '../../src/shared/contract/index.ts';
import { type DeviceId, devicePage, type Firmware } from '../../src/shared/model/index.ts';
import { makeFile, temporaryDir } from '../harness/index.ts';

/** A way to the core, opened: its client, and how the open end is closed. */
interface OpenDoor {
  client: PushrodClient;
  close(): void | Promise<void>;
}

const dir = temporaryDir();
const dataDir = join(dir, 'data');
let app: App;

async function inProcess(): Promise<OpenDoor> {
  return { client: app.client('terminal'), close: () => undefined };
}

async function messagePort(): Promise<OpenDoor> {
  const { port1, port2 } = new MessageChannel();
  servePort(port2, app, 'window');
  const port = port1 as unknown as ConstructorParameters<typeof PortLink>[0]['port'];
  const client = createORPCClient<PushrodClient>(new PortLink({ port }));
  port1.start();
  return { client, close: () => port1.close() };
}

async function webSocket(): Promise<OpenDoor> {
  const server = await startServer({ app, rendererDir: dir });
  const origin = new URL('/', server.url).href;
  const pairing = { method: 'POST', body: JSON.stringify({ code: server.pairingCode }) };
  const answer = await fetch(`${origin}api/pair`, { ...pairing, headers: { 'content-type': 'application/json' } });
  const { token } = (await answer.json()) as { token: string };
  const socket = new WebSocket(`${origin.replace('http', 'ws')}rpc`, ['pushrod.v1', `token.${token}`]);
  socket.binaryType = 'arraybuffer';
  await once(socket, 'open');
  const websocket = socket as unknown as globalThis.WebSocket;
  return {
    client: createORPCClient<PushrodClient>(new SocketLink({ websocket })),
    async close() {
      socket.close();
      await server.close();
    },
  };
}

async function localSocket(): Promise<OpenDoor> {
  const served = await startLocalSocket({ app, path: localSocketPath(dataDir) });
  const connection = (await connectLocalSocket(localSocketPath(dataDir))) ?? expect.fail('the socket does not answer');
  return {
    client: connection.client,
    async close() {
      connection.close();
      await served.close();
    },
  };
}

describe.each([
  ['in process', inProcess],
  ['a message port', messagePort],
  ['a WebSocket', webSocket],
  ['the local socket', localSocket],
])('the contract through %s', (name, open) => {
  let door: OpenDoor;
  let firmware: Firmware;
  const id = `device-${name.replaceAll(' ', '-')}` as DeviceId;

  beforeAll(async () => {
    app = await createApp({ dataDir });
    door = await open();
    const file = join(dir, `${randomBytes(4).toString('hex')}-1.0.bin`);
    makeFile(file, 3_000_000);
    firmware = await app.client('terminal').firmware.addPath({ path: file, info: { version: '1.0' } });
  });
  afterAll(async () => {
    await door.close();
    await app.close();
  });

  const failureOf = async (call: Promise<unknown>) => {
    const thrown: unknown = await call.then(
      () => expect.fail('the call should have failed'),
      (error: unknown) => error,
    );
    if (!(thrown instanceof ORPCError)) throw thrown;
    return { ...(thrown.data as { code: string; hint: string; details: object[] }) };
  };

  it('takes and gives values of the schemas', async () => {
    const added = await door.client.devices.add({
      id,
      name: 'Gerät №7 🔧',
      address: '[::1]:2222',
      metadata: { a: [1] },
    });
    expect(await door.client.devices.get({ id })).toEqual(added);
    const page = await door.client.devices.list({ filter: { ids: [id] } });
    expect(devicePage.parse(page).devices).toEqual([added]);
  });

  it('refuses what is not, with the field', async () => {
    const failure = await failureOf(door.client.devices.add({ name: '', address: '192.0.2.300' }));
    expect(failure).toMatchObject({ code: 'INVALID_INPUT', hint: expect.any(String) });
    expect(failure.details).toEqual([
      expect.objectContaining({ field: 'name' }),
      expect.objectContaining({ field: 'address' }),
    ]);
  });

  it('says which failure it was', async () => {
    expect(await failureOf(door.client.devices.get({ id: 'nobody' as DeviceId }))).toMatchObject({
      code: 'DEVICE_NOT_FOUND',
    });
  });

  it('refuses a profile that there is not, for a device added or changed by hand', async () => {
    const changes = { profile: 'nope' };
    const device = { name: 'x', address: '192.0.2.1', ...changes };
    for (const call of [
      door.client.devices.add(device),
      door.client.devices.update({ id, changes }),
      door.client.devices.edit({ selection: { ids: [id] }, changes }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ code: 'PROFILE_NOT_FOUND' });
    }
  });

  it('streams a push to its end', async () => {
    await door.client.bench.simulate({ devices: 2 });
    const { updateId } = await door.client.updates.push({
      firmware: firmware.sha256,
      selection: { filter: { tags: { bench: 'simulated' } } },
    });
    const seen = new Map<string, string>();
    let last = '';
    for await (const frame of await door.client.updates.watch({ updateId })) {
      for (const device of frame.devices) seen.set(device.deviceName, device.state);
      last = frame.update.state;
    }
    expect([last, ...seen.values()]).toEqual(['completed', 'succeeded', 'succeeded']);
  });

  it('ends a stream that nobody reads any more', async () => {
    const stop = new AbortController();
    const events = await door.client.events.watch(undefined, { signal: stop.signal });
    const first = events.next();
    await door.client.devices.update({ id, changes: { location: 'roof' } });
    expect((await first).value).toEqual({ changed: expect.arrayContaining(['devices']) });
    stop.abort();
    // In process the stream ends; over a wire the call that was given up rejects.
    const { done } = await events.next().catch(() => ({ done: true }));
    expect(done).toBe(true);
  });

  it('lets only the laptop itself name its files', async () => {
    const call = door.client.firmware.addPath({ path: join(dir, 'nothing.bin'), info: {} });
    expect(await failureOf(call)).toMatchObject({ code: name === 'a WebSocket' ? 'FORBIDDEN' : 'INVALID_INPUT' });
  });
});
