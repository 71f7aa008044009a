import { describe, expect, it } from 'vitest';
import { portOf, profile } from './index.ts';

const fieldsOf = (given: unknown) => {
  const read = profile.safeParse(given);
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'));
};
const overHttp = (http: object) => fieldsOf({ transport: 'http', http });

describe('a profile over HTTP', () => {
  it('is the protocol of POST /update where nothing else is said', () => {
    expect(profile.parse({ transport: 'http' }).http).toEqual({
      ...{ method: 'POST', path: '/update', body: 'raw', field: 'file', headers: {} },
      ...{ auth: 'none', verify: 'status', resume: false },
    });
  });

  it.each([
    [{}, 22],
    [{ transport: 'http' }, 80],
    [{ transport: 'http', http: { tls: {} } }, 443],
    [{ transport: 'http', port: 8080, http: { tls: {} } }, 8080],
  ])('%j has the port %i', (given, port) => {
    expect(portOf(profile.parse(given))).toBe(port);
  });

  it.each([
    [{ transport: 'ssh', http: {} }, 'http'],
    [{ transport: 'http', remotePath: '/f' }, 'remotePath'],
    [{ transport: 'http', method: 'exec' }, 'method'],
    [{ transport: 'http', activateCommand: 'reboot' }, 'activateCommand'],
    [{ transport: 'http', verifyCommand: 'true' }, 'verifyCommand'],
  ])('refuses what is of the other transport in %j', (given, field) => {
    expect(fieldsOf(given)).toEqual([field]);
  });

  it.each([
    [{ path: 'update' }, 'http.path'],
    [{ path: '//elsewhere/update' }, 'http.path'],
    [{ path: '/up date' }, 'http.path'],
    [{ path: '/update#now' }, 'http.path'],
    [{ headers: { 'X Y': '1' } }, 'http.headers.X Y'],
    [{ headers: { Authorization: 'Bearer x' } }, 'http.headers.Authorization'],
    [{ headers: { 'Content-Length': '1' } }, 'http.headers.Content-Length'],
    [{ resume: true, verify: 'digest' }, 'http.resume'],
    [{ method: 'PUT', resume: true }, 'http.resume'],
    [{ verify: 'readBack' }, 'http.verify'],
    [{ method: 'PUT', body: 'multipart', verify: 'readBack' }, 'http.verify'],
    [{ versionPattern: '(' }, 'http.versionPattern'],
    [{ versionPattern: 'v' }, 'http.versionPattern'],
    [{ tls: { ca: 'a file name' } }, 'http.tls.ca'],
    [{ tls: { pin: 'SHA256:short' } }, 'http.tls.pin'],
    [{ tls: { serverName: 'plc' } }, 'http.tls'],
  ])('names the field that is wrong in %j', (http, field) => {
    expect(overHttp(http)).toContain(field);
  });
});
