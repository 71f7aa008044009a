import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatEntry, parseEntry } from './entry.ts';
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

it.each(['@revoked *', '@revoked plc', '@revoked [plc]:2222'])('never trusts the key of %s', (revoked) => {
  writeFileSync(file, line('[plc]:2222,plc', key(1)) + line(revoked, key(1)));
  expect(codeOf(hosts.decide('plc', 2222, key(1), 'accept-new'))).toBe('HOST_KEY_REVOKED');
});

it.each([
  ['of an authority', line('@cert-authority *', key(1))],
  ['with a marker that OpenSSH does not know', line('@trusted plc', key(1))],
  ['whose key is of another type than it says', line('plc', key(1)).replace('ssh-ed25519', 'ssh-rsa')],
  ['whose key is cut short', line('plc', key(1).subarray(0, 10))],
  ['that is a comment', `# ${line('plc', key(1))}`],
])('trusts nothing by a line %s, and keeps it', (_, given) => {
  writeFileSync(file, given);
  expect(codeOf(hosts.decide('plc', 22, key(1), 'strict'))).toBe('HOST_KEY_UNKNOWN');
  expect(hosts.forget('plc', 22)).toBe(0);
  expect(codeOf(hosts.decide('plc', 22, key(2), 'accept-new'))).toBe('trusted');
  expect(readFileSync(file, 'utf8')).toBe(given + line('plc', key(2)));
});

it('takes a key that is known without a port on every port, as ssh does, but no other', () => {
  writeFileSync(file, line('plc', key(1)));
  expect(codeOf(hosts.decide('plc', 2222, key(1), 'strict'))).toBe('trusted');
  expect(codeOf(hosts.decide('plc', 2222, key(2), 'strict'))).toBe('HOST_KEY_UNKNOWN');
  writeFileSync(file, line('plc', key(1)) + line('[plc]:2222', key(2)));
  expect(codeOf(hosts.decide('plc', 2222, key(1), 'strict'))).toBe('HOST_KEY_CHANGED');
});

/** What ssh-keygen(1) finds of a host in the file. */
function foundBySshKeygen(name: string): boolean {
  return spawnSync('ssh-keygen', ['-F', name, '-f', file]).status === 0;
}

describe.each([
  ['plc', ['plc', 'PLC', 'plc2', '[plc]:2222']],
  ['plc,cam,192.0.2.7', ['plc', 'cam', '192.0.2.7', '192.0.2.70']],
  ['[plc]:2222', ['plc', '[plc]:2222', '[plc]:222']],
  ['[2001:db8::1]:2222', ['[2001:db8::1]:2222', '2001:db8::1']],
  ['*.lab,!bad.lab', ['a.lab', 'bad.lab', 'lab', 'a.lab.example']],
  ['!plc,*', ['plc', 'cam']],
  ['!plc', ['plc', 'cam']],
  ['192.0.2.?', ['192.0.2.7', '192.0.2.77']],
  ['[*.lab]:2222', ['[a.lab]:2222', 'a.lab']],
  ['p+l(c)', ['p+l(c)', 'pl']],
])('the names %s', (patterns, names) => {
  it.each(names)('speak of %s where ssh-keygen says so', (name) => {
    writeFileSync(file, line(patterns, key(1)));
    const [, host = name, port = '22'] = /^\[(.*)\]:(\d+)$/.exec(name) ?? [];
    const isKnown = hosts.knownTypes(host, Number(port)).length > 0;
    // A key without a port is good on every port, which ssh-keygen does not look at.
    const isFound = foundBySshKeygen(name) || (port !== '22' && foundBySshKeygen(host));
    expect(isKnown).toBe(isFound);
  });

  it('no longer speak of a host that was forgotten, and still of all others', () => {
    for (const name of names) {
      writeFileSync(file, line(patterns, key(1)));
      const before = names.filter(foundBySshKeygen);
      const [, host = name, port = '22'] = /^\[(.*)\]:(\d+)$/.exec(name) ?? [];
      hosts.forget(host, Number(port));
      const after = names.filter(foundBySshKeygen);
      expect(after).toEqual(before.filter((one) => one.toLowerCase() !== name.toLowerCase()));
    }
  });
});

it('forgets what ssh-keygen -R forgets, where a line speaks of one host', () => {
  const content = line('plc', key(1)) + line('cam', key(2)) + line('@revoked plc', key(3)) + line('plc', key(4));
  writeFileSync(file, content);
  execFileSync('ssh-keygen', ['-R', 'plc', '-f', file], { stdio: 'ignore' });
  const bySshKeygen = readFileSync(file, 'utf8');
  writeFileSync(file, content);
  expect(hosts.forget('plc', 22)).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe(bySshKeygen);
});

it('takes out a line as it is listed, hashed or not, but no revoked key', () => {
  writeFileSync(file, line('plc,cam', key(1)) + line('plc,cam', key(2)) + line('@revoked plc,cam', key(1)));
  const [first] = hosts.list();
  if (!first) throw new Error('nothing is listed');
  expect(hosts.drop(first)).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe(line('plc,cam', key(2)) + line('@revoked plc,cam', key(1)));
  expect(hosts.drop(first)).toBe(0);
});

it('lists revoked keys and authorities as such', () => {
  writeFileSync(file, line('plc', key(1)) + line('@revoked *', key(2)) + line('@cert-authority *.lab', key(3)));
  expect(hosts.list().map(({ host, marker }) => [host, marker])).toEqual([
    ['plc', null],
    ['*', 'revoked'],
    ['*.lab', 'cert-authority'],
  ]);
});

describe('importing another known_hosts', () => {
  it('adds what is not there yet, and says how much that was', () => {
    writeFileSync(file, line('plc', key(1)));
    const theirs = `# bench 4\r\n\r\n${line('plc', key(1)).trim()} of the plc\n${line('@revoked *', key(2))}${line('cam', key(3)).trim()} camera`;
    expect(hosts.import(theirs)).toEqual({ added: 2, unchanged: 1 });
    expect(readFileSync(file, 'utf8')).toBe(
      `${line('plc', key(1))}${line('@revoked *', key(2))}${line('cam', key(3)).trim()} camera\n`,
    );
    expect(hosts.import(theirs)).toEqual({ added: 0, unchanged: 3 });
  });

  it('takes what ssh-keygen hashed', () => {
    const other = join(dir, 'other');
    writeFileSync(other, line('[plc]:2222', key(1)));
    execFileSync('ssh-keygen', ['-H', '-f', other], { stdio: 'ignore' });
    expect(hosts.import(readFileSync(other, 'utf8'))).toEqual({ added: 1, unchanged: 0 });
    expect(codeOf(hosts.decide('plc', 2222, key(1), 'strict'))).toBe('trusted');
  });

  it('takes all lines or none, and says what is wrong with each', () => {
    writeFileSync(file, line('plc', key(1)));
    const bad = [
      line('cam', key(2)).trim(),
      'cam ssh-ed25519',
      '@sometimes cam ssh-ed25519 AAAA',
      'cam 1024 65537 123456789',
      '|1|salt|hash ssh-ed25519 AAAA',
      'cam ssh-ed25519 !!!',
      line('cam', key(3)).replace('ssh-ed25519', 'ssh-rsa').trim(),
      line('a,plc', key(9)).trim(),
    ];
    expect(() => hosts.import(bad.join('\n'))).toThrowError(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: '7 lines cannot be imported; nothing was.',
        details: [
          { line: 2, message: expect.stringContaining('NAMES TYPE KEY') },
          { line: 3, message: expect.stringContaining('"@sometimes"') },
          { line: 4, message: expect.stringContaining('SSH 1') },
          { line: 5, message: expect.stringContaining('hashed name') },
          { line: 6, message: expect.stringContaining('base64') },
          { line: 7, message: expect.stringContaining('not of the type ssh-rsa') },
          { line: 8, message: expect.stringContaining(`plc is known by another key, ${fingerprintOf(key(1))}`) },
        ],
      }),
    );
    expect(readFileSync(file, 'utf8')).toBe(line('plc', key(1)));
  });
});

it('forgets one host and keeps every other line', () => {
  const rest = `# bench 4\n${line('cam', key(2))}not an entry\n`;
  writeFileSync(file, line('plc', key(1)) + rest);
  expect(hosts.forget('plc', 22)).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe(rest);
  expect(hosts.forget('plc', 22)).toBe(0);
  expect(hosts.list().map(({ host }) => host)).toEqual(['cam']);
});

it('sees what other programs do with the file', () => {
  expect(codeOf(hosts.decide('plc', 22, key(1), 'strict'))).toBe('HOST_KEY_UNKNOWN');
  writeFileSync(file, line('plc', key(1)) + line('cam', key(2)));
  expect(codeOf(hosts.decide('plc', 22, key(1), 'strict'))).toBe('trusted');
  execFileSync('ssh-keygen', ['-R', 'plc', '-f', file], { stdio: 'ignore' });
  expect(codeOf(hosts.decide('plc', 22, key(1), 'strict'))).toBe('HOST_KEY_UNKNOWN');
  rmSync(file);
  expect(hosts.list()).toEqual([]);
});

it('adds to a file without a line break at its end', () => {
  writeFileSync(file, line('cam', key(2)).trimEnd());
  hosts.trust('plc', 22, key(1));
  expect(readFileSync(file, 'utf8')).toBe(line('cam', key(2)) + line('plc', key(1)));
});

it('is done at once with a pattern of many stars', () => {
  writeFileSync(file, line(`${'*a'.repeat(28)}b`, key(1)));
  expect(codeOf(hosts.decide('a'.repeat(60), 22, key(1), 'strict'))).toBe('HOST_KEY_UNKNOWN');
});

it('reads any text without failing, and writes what it reads', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('@revoked', '@', '|1|', 'plc', 'ssh-ed25519', key(1).toString('base64')),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (words) => {
      const entry = parseEntry(words.join(' '));
      if (typeof entry === 'object') expect(parseEntry(formatEntry(entry))).toEqual(entry);
    }),
    { numRuns: 2_000 },
  );
});

it('keeps certificates as it keeps host keys, by the fingerprint that openssl prints', () => {
  const [first, second] = [certificateKey(Buffer.from('DER of one')), certificateKey(Buffer.from('DER of another'))];
  const printed = `SHA256:${createHash('sha256').update('DER of one').digest('base64').replace(/=+$/, '')}`;
  expect(hosts.decide('plc', 443, first, 'ask')).toMatchObject({
    error: { code: 'HOST_KEY_UNKNOWN', message: expect.stringContaining(`The certificate of [plc]:443`) },
  });
  expect(hosts.trust('plc', 443, first)).toEqual({
    host: '[plc]:443',
    keyType: 'x509',
    fingerprint: printed,
    marker: null,
  });
  expect(codeOf(createKnownHosts(file).decide('plc', 443, first, 'strict'))).toBe('trusted');
  expect(codeOf(hosts.decide('plc', 443, second, 'accept-new'))).toBe('HOST_KEY_CHANGED');
});
