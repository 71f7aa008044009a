import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateKey, createKnownHosts, fingerprintOf, type KnownHosts } from './index.ts';

let dir: string;
let file: string;
let hosts: KnownHosts;

/** A public key blob (RFC 4253 6.6) of 32 equal bytes. */
function key(byte: number): Buffer {
  const type = Buffer.from('ssh-ed25519');
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return Buffer.concat([field(type), field(Buffer.alloc(32, byte))]);
}
const line = (names: string, blob: Buffer) => `${names} ssh-ed25519 ${blob.toString('base64')}\n`;
const codeOf = (decision: ReturnType<KnownHosts['decide']>) => (decision.trusted ? 'trusted' : decision.error.code);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pushrod-hosts-'));
  file = join(dir, 'known_hosts');
  hosts = createKnownHosts(file);
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('a host that is not known', () => {
  it.each(['strict', 'ask'] as const)('is refused under %s, with its fingerprint', (policy) => {
    const decision = hosts.decide('plc', 22, key(1), policy);
    expect(decision).toMatchObject({ trusted: false, error: { code: 'HOST_KEY_UNKNOWN' } });
    expect(decision.trusted ? '' : decision.error.message).toContain(fingerprintOf(key(1)));
  });

  it('is written down under accept-new and known from then on', () => {
    expect(codeOf(hosts.decide('PLC', 2222, key(1), 'accept-new'))).toBe('trusted');
    expect(readFileSync(file, 'utf8')).toBe(line('[plc]:2222', key(1)));
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(codeOf(createKnownHosts(file).decide('plc', 2222, key(1), 'strict'))).toBe('trusted');
    expect(codeOf(hosts.decide('plc', 22, key(1), 'strict'))).toBe('HOST_KEY_UNKNOWN');
  });
});

it.each(['accept-new', 'ask', 'strict'] as const)('refuses a changed key under %s, naming both', (policy) => {
  writeFileSync(file, line('plc', key(1)));
  const decision = hosts.decide('plc', 22, key(2), policy);
  expect(codeOf(decision)).toBe('HOST_KEY_CHANGED');
  const message = decision.trusted ? '' : decision.error.message;
  expect(message).toContain(fingerprintOf(key(1)));
  expect(message).toContain(fingerprintOf(key(2)));
  expect(readFileSync(file, 'utf8')).toBe(line('plc', key(1)));
});

it.each([
  ['*.bench.example', 'cam.bench.example', true],
  ['192.0.2.?', '192.0.2.7', true],
  ['192.0.2.?', '192.0.2.77', false],
  ['*,!plc', 'plc', false],
  ['a,plc,b', 'plc', true],
])('reads the patterns %s for %s', (patterns, host, known) => {
  writeFileSync(file, line(patterns, key(1)));
  expect(codeOf(hosts.decide(host, 22, key(1), 'strict'))).toBe(known ? 'trusted' : 'HOST_KEY_UNKNOWN');
});

it('reads names that ssh-keygen hashed', () => {
  writeFileSync(file, line('[plc]:2222', key(1)));
  execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
  expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
  expect(codeOf(hosts.decide('plc', 2222, key(1), 'strict'))).toBe('trusted');
  expect(hosts.forget('plc', 2222)).toBe(1);
});

it('never trusts a revoked key, even where another line knows it', () => {
  writeFileSync(file, line('plc', key(1)) + line('@revoked *', key(1)));
  expect(codeOf(hosts.decide('plc', 22, key(1), 'accept-new'))).toBe('HOST_KEY_CHANGED');
});

it('forgets one host and keeps every other line', () => {
  const rest = `# bench 4\n${line('cam', key(2))}not an entry\n`;
  writeFileSync(file, line('plc', key(1)) + rest);
  expect(hosts.forget('plc', 22)).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe(rest);
  expect(hosts.forget('plc', 22)).toBe(0);
  expect(hosts.list().map(({ host }) => host)).toEqual(['cam']);
});

it('adds to a file without a line break at its end', () => {
  writeFileSync(file, line('cam', key(2)).trimEnd());
  hosts.trust('plc', 22, key(1));
  expect(readFileSync(file, 'utf8')).toBe(line('cam', key(2)) + line('plc', key(1)));
});

it('keeps certificates as it keeps host keys, by the fingerprint that openssl prints', () => {
  const [first, second] = [certificateKey(Buffer.from('DER of one')), certificateKey(Buffer.from('DER of another'))];
  const printed = `SHA256:${createHash('sha256').update('DER of one').digest('base64').replace(/=+$/, '')}`;
  expect(hosts.decide('plc', 443, first, 'ask')).toMatchObject({
    error: { code: 'HOST_KEY_UNKNOWN', message: expect.stringContaining(`The certificate of [plc]:443`) },
  });
  expect(hosts.trust('plc', 443, first)).toEqual({ host: '[plc]:443', keyType: 'x509', fingerprint: printed });
  expect(codeOf(createKnownHosts(file).decide('plc', 443, first, 'strict'))).toBe('trusted');
  expect(codeOf(hosts.decide('plc', 443, second, 'accept-new'))).toBe('HOST_KEY_CHANGED');
});
