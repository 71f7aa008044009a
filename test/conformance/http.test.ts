import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { deliverHttp, has, makeFile, type Nginx, sha256OfFile, startNginx, temporaryDir } from '../harness/index.ts';

const mib = 1024 * 1024;

describe.runIf(has('nginx'))('a delivery over HTTP to a real nginx', () => {
  const dir = temporaryDir();
  const firmware = join(dir, 'fw 1.0.bin');
  let nginx: Nginx;
  let secured: Nginx;

  beforeAll(async () => {
    [nginx, secured] = await Promise.all([startNginx(), startNginx({ tls: true })]);
    makeFile(firmware, 24 * mib + 17);
  });
  afterAll(() => Promise.all([nginx.stop(), secured.stop()]));

  const put = { method: 'PUT', path: '/firmware/fw.bin', verify: 'readBack' } as const;

  it('puts a file in place, reads it back, and takes one connection for all of it', async () => {
    const progress: number[] = [];
    const delivered = await deliverHttp(nginx, firmware, {
      http: put,
      healthPath: '/health',
      onProgress: (bytes) => progress.push(bytes),
    });
    expect(delivered).toMatchObject({
      ...{ errorCode: null, message: null, bytesSent: 24 * mib + 17 },
      transfer: { method: 'http', resumedFrom: 0 },
      steps: ['connecting', 'preflight', 'transferring', 'verifying'],
    });
    expect(progress.length).toBeGreaterThan(50);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(await sha256OfFile(join(nginx.root, 'firmware/fw.bin'))).toBe(await sha256OfFile(firmware));
    const lines = nginx.log();
    expect(lines.map((line) => line.replace(/ \d+$/, ''))).toEqual([
      'GET /health 200',
      'PUT /firmware/fw.bin 201',
      'GET /firmware/fw.bin 200',
    ]);
    expect(new Set(lines.map((line) => line.split(' ').at(-1))).size).toBe(1);
  });

  it('sends an empty file and one of a single byte', async () => {
    for (const sizeBytes of [0, 1]) {
      const file = join(dir, `size-${sizeBytes}`);
      makeFile(file, sizeBytes);
      const delivered = await deliverHttp(nginx, file, { http: { ...put, path: `/size-${sizeBytes}` } });
      expect(delivered).toMatchObject({ errorCode: null, bytesSent: sizeBytes });
      expect(readFileSync(join(nginx.root, `size-${sizeBytes}`)).length).toBe(sizeBytes);
    }
  });

  it('goes on where the firmware from before tells no version, and confirms the one it brought', async () => {
    const file = join(dir, 'told');
    writeFileSync(file, '2.4.1\n');
    const delivered = await deliverHttp(nginx, file, {
      http: { ...put, path: '/told' },
      version: { path: '/told', pattern: undefined },
      confirmation: { version: '2.4.1', rebootExpected: false, timeoutMs: 10_000 },
    });
    expect(delivered).toMatchObject({ errorCode: null, versions: ['2.4.1'] });
  });

  it('logs in with user and password, and says so when they are refused', async () => {
    const guarded = await startNginx({ basic: { username: 'root', password: 'o pen:sesame' } });
    onTestFinished(() => guarded.stop());
    const login = (password: string) => ({
      credential: 'root',
      username: 'root',
      secret: { kind: 'password', password } as const,
    });
    const http = { ...put, auth: 'basic' } as const;
    expect(await deliverHttp(guarded, firmware, { http, login: login('o pen:sesame') })).toMatchObject({
      errorCode: null,
    });
    expect(await deliverHttp(guarded, firmware, { http, login: login('guess') })).toMatchObject({
      ...{ errorCode: 'AUTH_FAILED', bytesSent: 0 },
      message: expect.not.stringContaining('guess'),
    });
  });

  it('is refused for its size before a byte is sent', async () => {
    const small = await startNginx({ clientMaxBodySize: '1m' });
    onTestFinished(() => small.stop());
    expect(await deliverHttp(small, firmware, { http: put })).toMatchObject({ errorCode: 'NO_SPACE', bytesSent: 0 });
  });

  it('cannot put a file where POST is not for files', async () => {
    expect(await deliverHttp(nginx, firmware, { http: { path: '/update' } })).toMatchObject({
      errorCode: 'REMOTE_PATH_INVALID',
      message: expect.stringMatching(/with status 404\.$/),
    });
  });

  it('says that nginx tells no digest', async () => {
    expect(await deliverHttp(nginx, firmware, { http: { ...put, verify: 'digest' } })).toMatchObject({
      ...{ errorCode: 'REQUEST_REFUSED', message: expect.stringContaining('readBack') },
    });
  });

  it.each(['127.0.0.1', '::1'] as const)('reaches %s over TLS and reads the version there', async (host) => {
    const device = await startNginx({ host, tls: true });
    onTestFinished(() => device.stop());
    const http = { ...put, tls: { ca: device.certificate.pem } };
    const version = { path: '/version', pattern: undefined };
    const decideHostKey = async () => expect.fail('nothing is to be decided where a CA is given');
    const delivered = await deliverHttp(device, firmware, { host, http, version, decideHostKey });
    expect(delivered).toMatchObject({ errorCode: null, versions: ['2.4.1'] });
  });

  it('trusts the one certificate that is pinned, however its fingerprint is written', async () => {
    const { fingerprint, hexFingerprint } = secured.certificate;
    for (const pin of [
      fingerprint,
      `${fingerprint}=`,
      hexFingerprint,
      hexFingerprint.replaceAll(':', '').toLowerCase(),
    ])
      expect(await deliverHttp(secured, firmware, { http: { ...put, tls: { pin } } })).toMatchObject({
        errorCode: null,
      });
  });

  it('asks about a certificate that nobody vouches for, as about a host key', async () => {
    const asked: Buffer[] = [];
    const decideHostKey = async (_: unknown, key: Buffer) => {
      asked.push(key);
      return { trusted: true } as const;
    };
    expect(await deliverHttp(secured, firmware, { http: { ...put, tls: {} }, decideHostKey })).toMatchObject({
      errorCode: null,
    });
    expect(asked).toHaveLength(1);
  });
});
