import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { gatherWrites } from './gather-writes.ts';

it('gathers what is written in one turn and keeps its order', async () => {
  const server = createServer((client) => client.pipe(client)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  gatherWrites(socket);
  socket.write('one ');
  socket.write('two ');
  expect([socket.writableCorked, socket.writableLength]).toEqual([1, 8]);
  await new Promise(process.nextTick);
  expect(socket.writableCorked).toBe(0);
  await new Promise((written) => socket.write('three', written));
  socket.end();
  expect(String(await buffer(socket))).toBe('one two three');
});
