import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { expect, test, vi } from 'vitest';
import type { PushrodClient } from '../../shared/contract/index.ts';
import { deviceId } from '../../shared/model/index.ts';
import { createAppDouble } from './app-double.ts';
import { type ServedPort, servePort } from './message-port.ts';

type PagePort = ConstructorParameters<typeof RPCLink>[0]['port'];

function openWindow(toServed: (port: ServedPort) => ServedPort = (port) => port) {
  const { port1, port2 } = new MessageChannel();
  const app = createAppDouble();
  servePort(toServed(port2), app, 'window');
  const client = createORPCClient<PushrodClient>(new RPCLink({ port: port1 as unknown as PagePort }));
  port1.start();
  return { app, client, port: port1 };
}

/** Electron's port in the main process wraps each message in an event. */
function likeElectron(port: ServedPort): ServedPort {
  return {
    on: (event: 'message' | 'close', listener: (message?: unknown) => void) =>
      event === 'message' ? port.on(event, (data) => listener({ data, ports: [] })) : port.on(event, listener),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
  };
}

test.each([
  ["Node's port", (port: ServedPort) => port],
  ["Electron's port", likeElectron],
])('%s carries calls, errors and streams', async (_name, toServed) => {
  const { app, client, port } = openWindow(toServed);
  await client.devices.add({ name: 'Bench 1', address: '192.0.2.1' });
  expect(app.doors).toEqual(['window']);
  await expect(client.devices.get({ id: deviceId.parse('nobody') })).rejects.toMatchObject({
    code: 'PUSHROD',
    data: { code: 'DEVICE_NOT_FOUND', hint: expect.any(String) },
  });
  const stream = await client.events.watch();
  expect(await stream.next()).toEqual({ done: false, value: { changed: ['devices'] } });
  await stream.return?.();
  await vi.waitFor(() => expect(app.openStreams()).toBe(0));
  port.close();
});

test('a page that goes away leaves no stream open', async () => {
  const { app, client, port } = openWindow();
  const stream = await client.events.watch();
  await stream.next();
  expect(app.openStreams()).toBe(1);
  port.close();
  await vi.waitFor(() => expect(app.openStreams()).toBe(0));
});

test.each([['not json'], [{ data: 'not json' }], [{ i: '1', p: null }], [null], [7]])(
  'a message that is no call ends nothing but itself: %j',
  async (message) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { client, port } = openWindow();
    port.postMessage(message);
    await client.devices.add({ name: 'Bench 1', address: '192.0.2.1' });
    logged.mockRestore();
    port.close();
  },
);
