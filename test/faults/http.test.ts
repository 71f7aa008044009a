import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  cliJson,
  deliverHttp,
  freePort,
  type HttpServer,
  type HttpServerOptions,
  makeCertificate,
  makeFile,
  push,
  setProfile,
  spawnCli,
  startHttpServer,
  startOddServer,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;
const dir = temporaryDir();
const firmware = join(dir, 'fw-1.0.bin');
const sizeBytes = 8 * mib;
/** What ends by itself within a second here ends within these anywhere. */
const timeouts = { connectMs: 1_000, commandMs: 1_000, transferMs: 1_000 };

beforeAll(() => makeFile(firmware, sizeBytes));

async function serve(answer: RequestListener, options: HttpServerOptions = {}): Promise<HttpServer> {
  const server = await startHttpServer(answer, options);
  onTestFinished(() => server.close());
  return server;
}

async function serveOddly(serveSocket: (socket: Socket) => void) {
  const server = await startOddServer(serveSocket);
  onTestFinished(() => server.close());
  return server;
}

/** Takes the whole of a body, then answers. */
const taking =
  (answer: (response: ServerResponse, request: IncomingMessage) => void): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => answer(response, request));
  };

/** Fulfilled when the server sees that nobody is connected any more. */
async function allClosed(server: { open(): number }): Promise<void> {
  while (server.open() > 0) await new Promise(setImmediate);
}

describe('a link to an HTTP device', () => {
  it('is refused', async () => {
    const delivered = await deliverHttp({ port: await freePort() }, firmware);
    expect(delivered).toMatchObject({ errorCode: 'UNREACHABLE', steps: ['connecting'], bytesSent: 0 });
  });

  it.each([
    ['before the first byte', 0],
    ['after one byte', 1],
    ['in the middle', sizeBytes / 2],
    ['after the last byte', sizeBytes],
  ])('is reset %s', async (_, afterBytes) => {
    const server = await serve((request) => {
      let received = 0;
      if (afterBytes === 0) return void request.socket.resetAndDestroy();
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received >= afterBytes) request.socket.resetAndDestroy();
      });
    });
    expect(await deliverHttp(server, firmware)).toMatchObject({ errorCode: 'CONNECTION_LOST' });
  });

  it('is lost when the device reboots instead of an answer, which its version confirms', async () => {
    let version = '1.0';
    let uploads = 0;
    const server = await serve((request, response) => {
      if (request.method === 'GET') return void response.end(version);
      uploads += 1;
      let received = 0;
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received < sizeBytes) return;
        version = '2.0';
        request.socket.resetAndDestroy();
      });
    });
    const rebooting = {
      version: { path: '/version', pattern: undefined },
      confirmation: { version: '2.0', rebootExpected: true, timeoutMs: 30_000 },
    };
    const delivered = await deliverHttp(server, firmware, rebooting);
    expect(delivered).toMatchObject({ errorCode: null, versions: ['1.0', '2.0'] });
    expect(delivered.steps.at(-1)).toBe('confirming');
    expect(uploads).toBe(1);
  });

  it.each([
    ['before TLS', {}, { tls: {} }, 'UNREACHABLE', 'connecting'],
    ['when it is asked how it is', {}, { healthPath: '/health' }, 'TIMEOUT', 'preflight'],
    ['when it is asked what it holds', {}, { resume: true }, 'TIMEOUT', 'preflight'],
    ['while it is sent to', { reads: 0 }, {}, 'TIMEOUT', 'transferring'],
    ['when it has everything', { reads: sizeBytes * 2 }, {}, 'TIMEOUT', 'transferring'],
  ] as const)('falls silent %s', async (_, { reads = 0 }: { reads?: number }, given, errorCode, step) => {
    const server = await serveOddly((socket) => {
      let received = 0;
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (received > reads) socket.pause();
      });
    });
    const http = { method: 'PUT', verify: 'digest', ...given } as const;
    const healthPath = 'healthPath' in given ? given.healthPath : undefined;
    const delivered = await deliverHttp(server, firmware, { http, healthPath, timeouts });
    expect(delivered).toMatchObject({ errorCode });
    expect(delivered.steps.at(-1)).toBe(step);
    await allClosed(server);
  });

  it.each([
    ['before the answer', () => undefined],
    ['in the middle of the answer', (response: ServerResponse) => response.writeHead(200).write('x')],
  ])('falls silent %s of what was stored', async (_, answer) => {
    const server = await serve((request, response) => {
      if (request.method === 'PUT') taking(() => response.end())(request, response);
      else answer(response);
    });
    const http = { method: 'PUT', verify: 'readBack' } as const;
    const delivered = await deliverHttp(server, firmware, { http, timeouts });
    expect(delivered).toMatchObject({ errorCode: 'TIMEOUT' });
    expect(delivered.steps.at(-1)).toBe('verifying');
    await allClosed(server);
  });

  it('is let go within a second when the push is cancelled', async () => {
    const server = await serve((request) => void request.resume());
    const abort = new AbortController();
    const delivering = deliverHttp(server, firmware, { signal: abort.signal, onProgress: () => abort.abort() });
    expect(await delivering).toMatchObject({ errorCode: 'CANCELLED' });
    await allClosed(server);
  });
});

describe('an HTTP device refuses', () => {
  it.each([
    [400, 'REQUEST_REFUSED'],
    [401, 'AUTH_FAILED'],
    [403, 'AUTH_FAILED'],
    [404, 'REMOTE_PATH_INVALID'],
    [408, 'TIMEOUT'],
    [413, 'NO_SPACE'],
    [422, 'REQUEST_REFUSED'],
    [425, 'DEVICE_ERROR'],
    [429, 'DEVICE_ERROR'],
    [500, 'DEVICE_ERROR'],
    [503, 'DEVICE_ERROR'],
    [507, 'NO_SPACE'],
  ])('with %i, which is %s', async (status, errorCode) => {
    const server = await serve(taking((response) => response.writeHead(status).end('the reason\u0007')));
    expect(await deliverHttp(server, firmware)).toMatchObject({
      errorCode,
      message: `${server.address} refused to take the firmware with status ${status}: the reason.`,
    });
  });

  it('before a byte is sent, when it is asked first', async () => {
    const refuse: RequestListener = (_, response) => response.writeHead(401, { connection: 'close' }).end();
    const server = await serve(refuse, { onExpect: refuse });
    expect(await deliverHttp(server, firmware)).toMatchObject({ errorCode: 'AUTH_FAILED', bytesSent: 0 });
  });

  it.each(Array.from({ length: 20 }, (_, round) => round))(
    'in the middle, hangs up, and is understood all the same (%i)',
    async () => {
      const server = await serveOddly((socket) => {
        let received = 0;
        socket.on('data', (chunk) => {
          if (received === 0) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
          received += chunk.length;
          if (received < mib) return;
          socket.removeAllListeners('data');
          socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfull', () =>
            socket.destroy(),
          );
        });
      });
      expect(await deliverHttp(server, firmware)).toMatchObject({ errorCode: 'NO_SPACE' });
    },
  );

  it('to be asked first, and takes the bytes then', async () => {
    const server = await serve(
      taking((response) => response.end()),
      { onExpect: (_, response) => response.writeHead(417).end() },
    );
    expect(await deliverHttp(server, firmware)).toMatchObject({ errorCode: null, bytesSent: sizeBytes });
  });

  it('to say what it thinks of being asked first, and gets the bytes after a second', async () => {
    const server = await serve(
      taking((response) => response.end()),
      { onExpect: (request, response) => taking(() => response.end())(request, response) },
    );
    expect(await deliverHttp(server, firmware)).toMatchObject({ errorCode: null, bytesSent: sizeBytes });
  });

  it('by sending elsewhere, where neither firmware nor credentials follow', async () => {
    const elsewhere = await serve(taking((response) => response.end()));
    const location = `http://${elsewhere.address}/update?token=`;
    const server = await serve(taking((response) => response.writeHead(307, { location: `${location}sesame` }).end()));
    const login = { credential: 'root', username: 'root', secret: { kind: 'password', password: 'sesame' } as const };
    const delivered = await deliverHttp(server, firmware, { http: { auth: 'bearer' }, login });
    expect(delivered).toMatchObject({
      errorCode: 'REQUEST_REFUSED',
      message: expect.stringContaining(`${location}•••`),
    });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer sesame');
    expect(elsewhere.connections()).toBe(0);
  });

  it('and echoes what it was sent, of which no secret is kept', async () => {
    const server = await serve(taking((response, { headers }) => response.writeHead(403).end(headers.authorization)));
    const login = { credential: 'root', username: 'root', secret: { kind: 'password', password: 'sesame' } as const };
    for (const auth of ['basic', 'bearer'] as const) {
      const { message } = await deliverHttp(server, firmware, { http: { auth }, login });
      expect(message).toMatch(/: (Basic|Bearer) •••\.$/);
    }
  });
});

describe('an HTTP device answers', () => {
  it.each([
    ['an SSH server', 'SSH-2.0-dropbear\r\n'],
    ['noise', '\0\x01\x02\x03\r\n\r\n'],
    ['a header without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
  ])('like %s', async (_, said) => {
    const server = await serveOddly((socket) => socket.once('data', () => socket.write(said, 'latin1')));
    expect(await deliverHttp(server, firmware, { timeouts })).toMatchObject({
      ...{ errorCode: 'DEVICE_ERROR', message: expect.stringContaining('not HTTP') },
    });
    await allClosed(server);
  });

  it('without end, of which only the beginning is taken', async () => {
    let written = 0;
    const server = await serve(
      taking((response) => {
        const more = () => {
          while (!response.destroyed) {
            written += mib;
            if (!response.write(Buffer.alloc(mib, 'x'))) return void response.once('drain', more);
          }
        };
        response.writeHead(400);
        more();
      }),
    );
    const { errorCode, message } = await deliverHttp(server, firmware);
    expect(errorCode).toBe('REQUEST_REFUSED');
    expect(message?.length).toBeLessThan(1_000);
    await allClosed(server);
    // What the kernel buffers of loopback hold is all that it could get rid of.
    expect(written).toBeLessThan(100 * mib);
  });

  it('drop by drop, for which it has the time of an answer', async () => {
    const server = await serve(
      taking((response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(drip));
      }),
    );
    expect(await deliverHttp(server, firmware, { timeouts })).toMatchObject({ errorCode: 'TIMEOUT' });
    await allClosed(server);
  });

  it('that all is well before it has all of it', async () => {
    const server = await serve((request, response) => {
      request.once('data', () => response.end('done'));
    });
    expect(await deliverHttp(server, firmware)).toMatchObject({
      ...{ errorCode: 'DEVICE_ERROR', message: expect.stringContaining('before it had all') },
    });
  });

  it('that it stored something else', async () => {
    const server = await serve(taking((response) => response.end(`{"sha256":"${'0'.repeat(64)}"}`)));
    expect(await deliverHttp(server, firmware)).toMatchObject({ errorCode: 'CHECKSUM_MISMATCH' });
  });

  it.each([
    ['one byte flipped', (whole: Buffer) => whole.fill(1, 7, 8)],
    ['its end missing', (whole: Buffer) => whole.subarray(0, -1)],
    ['more than there was', (whole: Buffer) => Buffer.concat([whole, whole])],
  ])('with %s when it is read back', async (_, spoil) => {
    const stored: Buffer[] = [];
    const server = await serve((request, response) => {
      if (request.method === 'GET') return void response.end(spoil(Buffer.concat(stored)));
      request.on('data', (chunk: Buffer) => stored.push(chunk)).on('end', () => response.end());
    });
    const http = { method: 'PUT', verify: 'readBack' } as const;
    expect(await deliverHttp(server, firmware, { http })).toMatchObject({ errorCode: 'CHECKSUM_MISMATCH' });
  });
});

describe('the certificate of an HTTP device', () => {
  const login = { credential: 'root', username: 'root', secret: { kind: 'password', password: 'sesame' } as const };
  const never = async () => expect.fail('nothing is to be decided here');
  const secured = async (name: string, options: Parameters<typeof makeCertificate>[2] = {}) => {
    const certificate = makeCertificate(dir, name, options);
    const server = await serve(
      taking((response) => response.end()),
      { certificate },
    );
    return { certificate, server };
  };

  it.each([
    ['of another CA', {}, 'CA'],
    ['for another address', { names: 'IP:192.0.2.1' }, 'another name'],
  ])('is %s', async (why, options, words) => {
    const { certificate, server } = await secured(why.replaceAll(' ', '-'), options);
    const other = makeCertificate(dir, 'authority');
    const tls = { ca: words === 'CA' ? other.pem : certificate.pem };
    const delivered = await deliverHttp(server, firmware, {
      http: { auth: 'basic', tls },
      login,
      decideHostKey: never,
    });
    expect(delivered).toMatchObject({
      errorCode: 'CERTIFICATE_INVALID',
      message: expect.stringContaining(words),
    });
    expect(delivered.message).toContain(certificate.fingerprint);
    expect(server.requests).toEqual([]);
  });

  it('is not the pinned one', async () => {
    const { server } = await secured('not-pinned');
    const { fingerprint: pin } = makeCertificate(dir, 'pinned');
    const http = { auth: 'basic', tls: { pin } } as const;
    expect(await deliverHttp(server, firmware, { http, login, decideHostKey: never })).toMatchObject({
      ...{ errorCode: 'HOST_KEY_CHANGED', message: expect.stringContaining(pin) },
    });
    expect(server.requests).toEqual([]);
  });

  it('is not there: the device speaks plain HTTP', async () => {
    const server = await serve(taking((response) => response.end()));
    expect(await deliverHttp(server, firmware, { http: { tls: {} }, timeouts })).toMatchObject({
      ...{ errorCode: 'DEVICE_ERROR', message: expect.stringContaining('TLS') },
    });
  });
});

describe('a push from the terminal to HTTP devices', () => {
  let runs = 0;
  /** A data folder whose devices are HTTP servers. */
  async function bench(addresses: Record<string, string>, profile: object = {}): Promise<string> {
    runs += 1;
    const dataDir = join(dir, `data-${runs}`);
    await setProfile(dataDir, 'web', { transport: 'http', ...profile });
    await cliJson(dataDir, ['profiles', 'default', 'web']);
    for (const [id, address] of Object.entries(addresses))
      await cliJson(dataDir, ['devices', 'add', '--id', id, '--name', id, '--address', address]);
    return dataDir;
  }
  const well = taking((response) => response.end());

  it('tries again what may pass, not before the device said, and not what stays', async () => {
    let tries = 0;
    let refusedAtMs = 0;
    let againAfterMs = 0;
    const busy = await serve(
      taking((response) => {
        tries += 1;
        if (tries > 1) {
          againAfterMs = performance.now() - refusedAtMs;
          return response.end();
        }
        refusedAtMs = performance.now();
        response.writeHead(503, { 'retry-after': '3' }).end();
      }),
    );
    const stays = await serve(taking((response) => response.writeHead(400).end('wrong model')));
    const dataDir = await bench({ busy: busy.address, stays: stays.address });
    const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all', '--retries', '2']);
    expect(code).toBe(1);
    const of = (id: string) => summary.devices.find(({ deviceId }) => deviceId === id);
    expect(of('busy')).toMatchObject({ state: 'succeeded', attempts: 2, method: 'http' });
    expect(of('stays')).toMatchObject({ state: 'failed', attempts: 1, errorCode: 'REQUEST_REFUSED' });
    // The backoff of a first retry is at most a second.
    expect(againAfterMs).toBeGreaterThanOrEqual(2_900);
  });

  it('ends for all others while one of them takes its time', async () => {
    const released = Promise.withResolvers<void>();
    const slow = await serve(taking((response) => void released.promise.then(() => response.end())));
    const quick = await serve(well);
    const ids = Array.from({ length: 8 }, (_, index) => `quick-${index}`);
    const dataDir = await bench(
      { slow: slow.address, ...Object.fromEntries(ids.map((id) => [id, quick.address])) },
      {
        http: { path: '/{device.id}/update' },
      },
    );
    const cli = spawnCli(dataDir, ['push', '--firmware', firmware, '--all', '--concurrency', '3', '--json']);
    const ended = new Set<string>();
    for await (const line of cli.lines) {
      const told = JSON.parse(line) as { type: string; deviceId: string; state: string };
      if (told.state === 'succeeded') ended.add(told.deviceId);
      if (ended.size === ids.length) break;
    }
    expect([...ended].sort()).toEqual(ids);
    released.resolve();
    expect((await cli.ended).code).toBe(0);
  });

  it('accepts a certificate once, and stops when another one is shown later', async () => {
    const first = makeCertificate(dir, 'first');
    const second = makeCertificate(dir, 'second');
    let server = await startHttpServer(well, { certificate: first });
    onTestFinished(() => server.close());
    const { port } = server;
    const dataDir = await bench({ web: server.address }, { http: { tls: {} } });
    const all = ['--firmware', firmware, '--all', '--host-keys'];
    const asked = await push(dataDir, [...all, 'ask']);
    expect(asked.summary.devices[0]).toMatchObject({
      errorCode: 'HOST_KEY_UNKNOWN',
      message: expect.stringContaining(first.fingerprint),
    });
    expect((await push(dataDir, [...all, 'accept-new'])).code).toBe(0);
    expect((await push(dataDir, [...all, 'strict'])).code).toBe(0);

    await server.close();
    server = await startHttpServer(well, { certificate: second, port });
    const changed = await push(dataDir, [...all, 'accept-new']);
    expect(changed.summary.devices[0]).toMatchObject({ errorCode: 'HOST_KEY_CHANGED', bytesSent: 0 });
    expect(changed.summary.devices[0]?.message).toContain(first.fingerprint);
    expect(server.requests).toEqual([]);
    await cliJson(dataDir, ['hosts', 'forget', 'web']);
    await cliJson(dataDir, ['hosts', 'trust', 'web', '--fingerprint', second.fingerprint]);
    const { hosts } = await cliJson<{ hosts: object[] }>(dataDir, ['hosts', 'list']);
    expect(hosts).toEqual([expect.objectContaining({ keyType: 'x509', fingerprint: second.fingerprint })]);
    expect((await push(dataDir, [...all, 'strict'])).code).toBe(0);
  });

  it('is refused at once where the credential cannot be sent that way', async () => {
    const server = await serve(well);
    const dataDir = await bench({ web: server.address }, { http: { auth: 'bearer' } });
    await cliJson(dataDir, ['credentials', 'add', 'token', '--username', 'x', '--password-stdin'], 'not a token');
    await expect(push(dataDir, ['--firmware', firmware, '--all'])).rejects.toThrow(/INVALID_INPUT.*bearer token/);
    expect(server.connections()).toBe(0);
  });
});
