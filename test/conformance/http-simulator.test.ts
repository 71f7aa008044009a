import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRateLimit } from '../../src/main/delivery/index.ts';
import type { DeviceId } from '../../src/shared/model/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import {
  cliJson,
  deliverHttp,
  makeFile,
  push,
  setProfile,
  sha256OfFile,
  startBadLink,
  startHttpServer,
  temporaryDir,
} from '../harness/index.ts';

const mib = 1024 * 1024;
const dir = temporaryDir();
const firmware = join(dir, 'fw "1.0".bin');
const sizeBytes = 8 * mib + 5;

beforeAll(() => makeFile(firmware, sizeBytes));

async function simulatedDevice() {
  const bench = await startSimulator({ devices: 1, transport: 'http' });
  onTestFinished(() => bench.close());
  const [device = expect.fail('no device')] = bench.devices;
  const fileAt = (path: string) => join(bench.rootOf(device.name), path);
  return { ...device, port: Number(device.address.split(':').at(-1)), fileAt };
}

describe('a delivery to a simulated HTTP device', () => {
  it.each(['raw', 'multipart'] as const)(
    'brings it in a %s body and compares the digest of the answer',
    async (body) => {
      const device = await simulatedDevice();
      const delivered = await deliverHttp(device, firmware, {
        http: { body, verify: 'digest' },
        healthPath: '/health',
      });
      expect(delivered).toMatchObject({ errorCode: null, message: null, bytesSent: sizeBytes });
      expect(await sha256OfFile(device.fileAt('update'))).toBe(await sha256OfFile(firmware));
    },
  );

  const version = { path: '/version', pattern: undefined };

  it('tells the version it has', async () => {
    const device = await simulatedDevice();
    const delivered = await deliverHttp(device, firmware, { version });
    expect(delivered).toMatchObject({ errorCode: null, versions: [device.firmwareVersion] });
  });

  it('is confirmed by its version, which the device told otherwise before', async () => {
    const confirmation = { version: '9.9', rebootExpected: false, timeoutMs: 30_000 };
    const device = await simulatedDevice();
    const headers = { 'X-Firmware-Version': 'v9.9.0' };
    const confirmed = await deliverHttp(device, firmware, { version, confirmation, headers });
    expect(confirmed).toMatchObject({ errorCode: null, versions: [device.firmwareVersion, 'v9.9.0'] });
    expect(confirmed.steps).toEqual(['connecting', 'preflight', 'transferring', 'verifying', 'confirming']);

    const old = await deliverHttp(await simulatedDevice(), firmware, {
      ...{ version, confirmation: { ...confirmation, timeoutMs: 500 } },
    });
    expect(old).toMatchObject({ errorCode: 'VERSION_NOT_CONFIRMED', message: expect.stringContaining('it reports') });
  });

  it('gets no more than the limits allow', async () => {
    const small = join(dir, 'limited.bin');
    makeFile(small, 300_000);
    const startMs = performance.now();
    const rateLimits = [createRateLimit(undefined), createRateLimit(150_000)];
    expect(await deliverHttp(await simulatedDevice(), small, { rateLimits })).toMatchObject({ errorCode: null });
    expect(performance.now() - startMs).toBeGreaterThan(1_700);
  });

  const resuming = { method: 'PUT', path: '/fw.bin', verify: 'digest', resume: true } as const;

  it('goes on where the last one was cut, and sends only the rest', async () => {
    const device = await simulatedDevice();
    const link = await startBadLink(device.port, 'cut', 5 * mib);
    onTestFinished(() => link.close());
    const port = Number(link.address.split(':').at(-1));
    expect(await deliverHttp({ port }, firmware, { http: resuming })).toMatchObject({ errorCode: 'CONNECTION_LOST' });
    link.mend();
    const delivered = await deliverHttp({ port }, firmware, { http: resuming });
    const { resumedFrom = 0 } = delivered.transfer ?? {};
    expect(resumedFrom).toBeGreaterThan(0);
    expect(delivered).toMatchObject({ errorCode: null, bytesSent: sizeBytes - resumedFrom });
    expect(await sha256OfFile(device.fileAt('fw.bin'))).toBe(await sha256OfFile(firmware));
  });

  it('does not build upon a beginning that was changed meanwhile', async () => {
    const device = await simulatedDevice();
    const sha256 = await sha256OfFile(firmware);
    const part = device.fileAt(`fw.bin.${sha256.slice(0, 12)}.part`);
    const beginning = readFileSync(firmware).subarray(0, mib);
    writeFileSync(part, beginning.fill(0, 100, 200));
    const first = await deliverHttp(device, firmware, { http: resuming });
    expect(first).toMatchObject({ errorCode: 'REQUEST_REFUSED', transfer: { resumedFrom: mib } });
    const second = await deliverHttp(device, firmware, { http: resuming });
    expect(second).toMatchObject({ errorCode: null, transfer: { resumedFrom: 0 }, bytesSent: sizeBytes });
  });
});

it('sends the whole once more to a device that stored another beginning under the firmware it was told', async () => {
  const stored: Buffer[] = [Buffer.alloc(mib)];
  const server = await startHttpServer((request, response) => {
    const range = request.headers['content-range'];
    if (range?.startsWith('bytes */')) return void response.writeHead(308, { range: `bytes=0-${mib - 1}` }).end();
    if (request.method === 'GET') return void response.end(Buffer.concat(stored));
    if (range === undefined) stored.length = 0;
    request.on('data', (chunk: Buffer) => stored.push(chunk)).on('end', () => response.end());
  });
  onTestFinished(() => server.close());
  const http = { method: 'PUT', path: '/fw.bin', verify: 'readBack', resume: true } as const;
  const delivered = await deliverHttp(server, firmware, { http });
  expect(delivered).toMatchObject({ errorCode: null, transfer: { resumedFrom: mib }, bytesSent: 2 * sizeBytes - mib });
  expect(Buffer.concat(stored).equals(readFileSync(firmware))).toBe(true);
});

it('says in each upload which device it is for and what the bytes hash to, with names in UTF-8', async () => {
  const server = await startHttpServer((request, response) => request.resume().on('end', () => response.end()));
  onTestFinished(() => server.close());
  const device = { id: 'gw-1' as DeviceId, name: 'Tor 3, Süd 門' };
  const headers = { 'X-Firmware-Version': '2.0' };
  for (const body of ['raw', 'multipart'] as const)
    await deliverHttp(server, firmware, { http: { body }, device, headers });
  const sha256 = await sha256OfFile(firmware);
  const [raw, form] = server.requests.map((request) => request.headers);
  for (const found of [raw, form]) {
    expect(found).toMatchObject({ 'x-device-id': 'gw-1', 'x-checksum-sha256': sha256, 'x-firmware-version': '2.0' });
    expect(Buffer.from(String(found?.['x-device-name']), 'latin1').toString()).toBe(device.name);
    expect(found).not.toHaveProperty('transfer-encoding');
  }
  expect(raw).toMatchObject({
    ...{ 'content-length': String(sizeBytes), 'content-type': 'application/octet-stream' },
    'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
  });
  expect(form).not.toHaveProperty('content-digest');
});

it('pushes from the terminal to a mixed bench, each device by its own transport', async () => {
  const bench = await startSimulator({ devices: 4, transport: 'mixed' });
  onTestFinished(() => bench.close());
  expect(bench.devices.map(({ transport }) => transport)).toEqual(['ssh', 'http', 'ssh', 'http']);
  const dataDir = join(dir, 'mixed');
  const { username, password } = bench.credential;
  await setProfile(dataDir, 'form', {
    transport: 'http',
    http: { path: '/upload', body: 'multipart', verify: 'digest' },
  });
  await cliJson(dataDir, ['credentials', 'add', 'bench', '--username', username, '--password-stdin'], password);
  for (const [index, { name, address }] of bench.devices.entries()) {
    const profileName = ['copy', 'http', 'copy', 'form'][index] ?? '';
    await cliJson(dataDir, ['devices', 'add', '--name', name, '--address', address, '--profile', profileName]);
  }
  const { code, summary } = await push(dataDir, ['--firmware', firmware, '--all']);
  expect(summary.devices.map(({ errorCode }) => errorCode)).toEqual([null, null, null, null]);
  expect(code).toBe(0);
  expect(summary.devices.map(({ method }) => method).sort()).toEqual(['http', 'http', 'sftp', 'sftp']);
  for (const [name, path] of [
    ['camera-01', 'update'],
    ['router-01', 'upload'],
  ] as const) {
    expect(await sha256OfFile(join(bench.rootOf(name), path))).toBe(await sha256OfFile(firmware));
  }
});
