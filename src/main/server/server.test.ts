import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { PushrodClient } from '../../shared/contract/index.ts';
import { deviceId } from '../../shared/model/index.ts';
import { type AppDouble, createAppDouble } from './app-double.ts';
import { type RunningServer, startServer } from './server.ts';

let folder: string;
let app: AppDouble;
let server: RunningServer;
let nowMs: number;
let announced: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pushrod-server-'));
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'renderer', 'index.html'), '<title>Pushrod</title>');
  writeFileSync(join(folder, 'renderer', 'assets', 'index-x1.js'), 'export {};');
  writeFileSync(join(folder, 'secret.json'), '"secret"');
  app = createAppDouble();
  nowMs = 0;
  announced = [];
  server = await open();
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<RunningServer> {
  return startServer({
    app,
    rendererDir: join(folder, 'renderer'),
    tokenFile: join(folder, 'server-tokens.json'),
    now: () => nowMs,
    onPairingCode: (code) => announced.push(code),
  });
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  json: () => unknown;
}

/** Unlike fetch(), sends any path and any Host as they are. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body = '' } = options;
  const length = method === 'GET' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const type = body.startsWith('{') ? { 'Content-Type': 'application/json' } : {};
  return new Promise((resolve, reject) => {
    const asked = request({
      port: server.port,
      host: '127.0.0.1',
      // No connection is kept for the next call: a server that starts again has the same port.
      agent: false,
      path,
      method,
      headers: { ...length, ...type, ...headers },
    });
    asked.on('error', reject);
    asked.on('response', async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: text,
        json: () => JSON.parse(text),
      });
    });
    asked.end(body);
  });
}

function pair(code: string): Promise<Answer> {
  return ask('/api/pair', { method: 'POST', body: JSON.stringify({ code }) });
}

async function pairedToken(): Promise<string> {
  const answer = await pair(server.pairingCode);
  return (answer.json() as { token: string }).token;
}

function withToken(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/** Resolves with the open socket, or with the HTTP status that refused it. */
function openSocket(
  protocols: string[],
  headers: Record<string, string> = {},
  path = '/rpc',
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols, { headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}

async function socketClient(token: string): Promise<{ client: PushrodClient; socket: WebSocket }> {
  const socket = await openSocket(['pushrod.v1', `token.${token}`]);
  if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
  socket.binaryType = 'arraybuffer';
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient<PushrodClient>(link), socket };
}

const device = JSON.stringify({ id: 'bench-1', name: 'Bench 1', address: '192.0.2.1' });

test('the page comes with a policy that lets nothing else in', async () => {
  const page = await ask('/');
  expect(page.status).toBe(200);
  expect(page.body).toContain('Pushrod');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers['content-security-policy']).not.toContain('unsafe');
  expect(page.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  const asset = await ask('/assets/index-x1.js');
  expect(asset.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
});

test.each([
  '/../secret.json',
  '/assets/../../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/..\\secret.json',
  '/%2e%2e%5csecret.json',
  '/assets/%00.js',
  '/%',
  '//secret.json',
  '/.hidden.json',
  '/assets',
  '/c:/secret.json',
])('a path that leaves the page is not found: %s', async (path) => {
  const answer = await ask(path);
  expect([400, 404]).toContain(answer.status);
  expect(answer.body).not.toContain('"secret"');
});

test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', '192.0.2.7'])(
  'a request to another host is refused: %s',
  async (host) => {
    const answer = await ask('/api/openapi.json', { headers: { Host: host } });
    expect(answer.status).toBe(421);
    expect(await openSocket(['pushrod.v1'], { Host: host })).toBe(421);
  },
);

test('the names of loopback are its own', async () => {
  for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']) {
    expect((await ask('/', { headers: { Host: `${name}:${server.port}` } })).status).toBe(200);
  }
});

test('without a token every call but pairing and the description is refused', async () => {
  for (const path of ['/api/session', '/api/devices/bench-1', '/api/events', '/api/nothing', '/api']) {
    const answer = await ask(path);
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ error: { code: 'UNAUTHORIZED', details: [] } });
  }
  const upload = await ask('/api/firmware?fileName=a.bin', { method: 'POST', body: 'bytes' });
  expect(upload.status).toBe(401);
  expect(app.uploads).toEqual([]);
  expect((await ask('/api/session', { headers: withToken('x'.repeat(43)) })).status).toBe(401);
});

test('a pairing code works once, and the next one is announced', async () => {
  const code = server.pairingCode;
  expect(code).toMatch(/^[2-9A-HJKMNP-Z]{8}$/);
  expect(server.url).toBe(`http://127.0.0.1:${server.port}/#code=${code}`);
  const first = await pair(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`);
  expect(first.status).toBe(200);
  const { token } = first.json() as { token: string };
  expect((await ask('/api/session', { headers: withToken(token) })).json()).toEqual({ ok: true });
  expect((await pair(code)).status).toBe(401);
  expect(announced).toEqual([server.pairingCode]);
  expect(server.pairingCode).not.toBe(code);
});

test('after five wrong codes within a minute even the right one is refused for a minute', async () => {
  for (let count = 0; count < 5; count++) expect((await pair('AAAAAAAA')).status).toBe(401);
  expect((await pair(server.pairingCode)).status).toBe(429);
  nowMs = 59_999;
  expect((await pair(server.pairingCode)).status).toBe(429);
  nowMs = 60_000;
  expect((await pair(server.pairingCode)).status).toBe(200);
});

test('wrong codes spread over more than a minute lock nobody out', async () => {
  for (let count = 0; count < 12; count++) {
    nowMs += 20_000;
    expect((await pair('AAAAAAAA')).status).toBe(401);
  }
  expect((await pair(server.pairingCode)).status).toBe(200);
});

test.each(['', 'no json', '{"code":7}', `{"code":"${'A'.repeat(2_000)}"}`])(
  'pairing without a code is bad input: %.20s',
  async (body) => {
    expect((await ask('/api/pair', { method: 'POST', body })).status).toBe(400);
  },
);

test('a token outlives a restart of the server, and only its hash is kept, readable by its user', async () => {
  const token = await pairedToken();
  const file = join(folder, 'server-tokens.json');
  expect(readFileSync(file, 'utf8')).not.toContain(token);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  await server.close();
  server = await open();
  expect((await ask('/api/session', { headers: withToken(token) })).status).toBe(200);
});

test('pages of other origins can neither call nor open a socket', async () => {
  const token = await pairedToken();
  for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${server.port}`, 'http://127.0.0.1:1']) {
    const headers = { ...withToken(token), Origin: origin };
    expect((await ask('/api/devices', { method: 'POST', body: device, headers })).status).toBe(403);
    expect(await openSocket(['pushrod.v1', `token.${token}`], { Origin: origin })).toBe(403);
  }
  const own = { ...withToken(token), Origin: `http://127.0.0.1:${server.port}` };
  expect((await ask('/api/devices', { method: 'POST', body: device, headers: own })).status).toBe(200);
});

test('the description is read without a token and names every way in', async () => {
  const document = (await ask('/api/openapi.json')).json() as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
  };
  expect(document).toMatchObject({ servers: [{ url: '/api' }], security: [{ pairing: [] }] });
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/devices', '/devices/{id}', '/updates/{updateId}/watch', '/pair', '/session']),
  );
  expect(Object.keys(document.paths['/firmware'] ?? {}).sort()).toEqual(['get', 'post']);
  expect(document.paths['/devices/{id}']?.get).toMatchObject({ responses: { default: {} } });
  expect(document.paths['/firmware']?.post).toMatchObject({
    responses: { 201: { content: { 'application/json': {} } } },
  });
});

test('REST calls reach the core through the LAN door', async () => {
  const headers = withToken(await pairedToken());
  const added = await ask('/api/devices', { method: 'POST', body: device, headers });
  expect(added.status).toBe(200);
  expect(app.doors).toEqual(['lan']);
  const got = await ask('/api/devices/bench-1', { headers });
  expect(got.json()).toMatchObject({ id: 'bench-1', name: 'Bench 1', status: 'unknown' });
});

test('failures come in one shape with a fitting status', async () => {
  const headers = withToken(await pairedToken());
  const missing = await ask('/api/devices/nobody', { headers });
  expect(missing.status).toBe(404);
  expect(missing.json()).toEqual({
    error: { code: 'DEVICE_NOT_FOUND', message: 'No device nobody', hint: expect.any(String), details: [] },
  });
  const invalid = await ask('/api/devices', { method: 'POST', body: '{"name":"x"}', headers });
  expect(invalid.status).toBe(400);
  expect(invalid.json()).toMatchObject({ error: { code: 'INVALID_INPUT', details: [{ field: 'address' }] } });
  const malformed = await ask('/api/devices', { method: 'POST', body: '{"name"', headers });
  expect(malformed.status).toBe(400);
  expect(malformed.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  const fault = await ask('/api/devices/remove', { method: 'POST', body: '{"selection":{"all":true}}', headers });
  expect(fault.status).toBe(500);
  expect(fault.body).not.toContain('somebody');
  expect(fault.json()).toMatchObject({ error: { code: 'INTERNAL' } });
  const nowhere = await ask('/api/nowhere', { headers });
  expect(nowhere.status).toBe(404);
  const oversized = await ask('/api/devices', {
    method: 'POST',
    body: `{"name":"${'x'.repeat(17 * 1024 * 1024)}"}`,
    headers,
  });
  expect(oversized.status).toBe(413);
});

test('a firmware file is taken as it comes in', async () => {
  const headers = withToken(await pairedToken());
  const body = 'x'.repeat(3_000_000);
  const path = '/api/firmware?fileName=fw.bin&version=1.2.0&models=a,b&models=c';
  const answer = await ask(path, { method: 'POST', body, headers });
  expect(answer.status).toBe(201);
  expect(answer.json()).toMatchObject({ fileName: 'fw.bin', sizeBytes: 3_000_000 });
  expect(app.uploads).toEqual([
    { info: { fileName: 'fw.bin', version: '1.2.0', models: ['a', 'b', 'c'], notes: '' }, sizeBytes: 3_000_000 },
  ]);
});

test('a firmware file with a path for a name is refused', async () => {
  const headers = withToken(await pairedToken());
  const answer = await ask('/api/firmware?fileName=..%2Ffw.bin', { method: 'POST', body: 'x', headers });
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ error: { code: 'INVALID_INPUT', details: [{ field: 'fileName' }] } });
});

test('an upload whose client goes away fails in the core and the server goes on', async () => {
  const token = await pairedToken();
  const failed = new Promise((resolve) => {
    app.addFirmware = async (bytes) => {
      try {
        for await (const chunk of bytes) void chunk;
      } catch (thrown) {
        resolve(thrown);
        throw thrown;
      }
      throw new Error('the upload was taken for whole');
    };
  });
  const socket = connect(server.port, '127.0.0.1', () => {
    socket.write(
      `POST /api/firmware?fileName=a.bin HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Length: 1000\r\n\r\nhalf`,
    );
    setTimeout(() => socket.destroy(), 50);
  });
  expect(await failed).toBeInstanceOf(Error);
  expect((await ask('/')).status).toBe(200);
});

test('a socket without a good token is refused', async () => {
  expect(await openSocket(['pushrod.v1'])).toBe(401);
  expect(await openSocket(['pushrod.v1', 'token.'])).toBe(401);
  expect(await openSocket(['pushrod.v1', `token.${'x'.repeat(43)}`])).toBe(401);
  const token = await pairedToken();
  expect(await openSocket([`token.${token}`])).toBe(400);
  expect(await openSocket(['pushrod.v1', `token.${token}`], {}, '/other')).toBe(404);
});

test('a paired socket carries calls, errors and streams, and its end ends its streams', async () => {
  const { client, socket } = await socketClient(await pairedToken());
  expect(socket.protocol).toBe('pushrod.v1');
  await client.devices.add({ id: deviceId.parse('bench-2'), name: 'Bench 2', address: '192.0.2.2' });
  expect(app.doors).toEqual(['lan']);
  await expect(client.devices.get({ id: deviceId.parse('nobody') })).rejects.toMatchObject({
    code: 'PUSHROD',
    data: { code: 'DEVICE_NOT_FOUND' },
  });
  const stream = await client.events.watch();
  expect(await stream.next()).toEqual({ done: false, value: { changed: ['devices'] } });
  expect(app.openStreams()).toBe(1);
  socket.close();
  await vi.waitFor(() => expect(app.openStreams()).toBe(0));
});

test('a malformed message ends nothing but itself', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { client, socket } = await socketClient(await pairedToken());
  socket.send('{"no":"call"');
  await client.devices.add({ name: 'Bench 3', address: '192.0.2.3' });
  expect(logged).toHaveBeenCalled();
  logged.mockRestore();
  socket.close();
});

test('closing the server ends open sockets and streams', async () => {
  const { client, socket } = await socketClient(await pairedToken());
  const stream = await client.events.watch();
  await stream.next();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await server.close();
  await closed;
  await vi.waitFor(() => expect(app.openStreams()).toBe(0));
  server = await open();
});

test('an address that is taken is bad input', async () => {
  await expect(startServer({ app, rendererDir: folder, port: server.port })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('something else listens there already'),
  });
});

test('takes the port of its last run again, and another one while that is taken', async () => {
  const { port } = server;
  const beside = await open();
  expect(beside.port).not.toBe(port);
  await beside.close();
  await server.close();
  // The last one to run was the other.
  server = await open();
  expect(server.port).toBe(beside.port);
  writeFileSync(join(folder, 'server-port'), 'nonsense');
  const anywhere = await open();
  expect(anywhere.port).toBeGreaterThan(0);
  await anywhere.close();
});
