import { existsSync, readFileSync } from 'node:fs';
import { PushrodError } from '../../shared/errors.ts';
import type { HostKey, HostKeyPolicy } from '../../shared/model/index.ts';
import { hostName, type KnownHostEntry, parseEntry, speaksOf } from './entry.ts';
import { certificateType, fingerprintOf, keyTypeOf } from './fingerprint.ts';
import { appendDurably, replaceDurably } from './write.ts';

export type HostKeyDecision = { trusted: true } | { trusted: false; error: PushrodError };

/** The host keys Pushrod has seen, in an OpenSSH known_hosts file; and the certificates, in another of its form. */
export interface KnownHosts {
  /** Decides whether to go on with a host that shows `key`. Under `accept-new` an unknown key is written down first. */
  decide(host: string, port: number, key: Buffer, policy: HostKeyPolicy): HostKeyDecision;
  /** The key types known for a host, so that the handshake asks for those first. */
  knownTypes(host: string, port: number): string[];
  trust(host: string, port: number, key: Buffer): HostKey;
  /** Removes all entries that speak of the host; says how many. */
  forget(host: string, port: number): number;
  list(): HostKey[];
  /** How known_hosts names the host: `host`, or `[host]:port` when the port is not 22 (sshd(8)). */
  nameOf(host: string, port: number): string;
}

/** The file is read anew for each question: it is small, and other programs may edit it. */
export function createKnownHosts(file: string): KnownHosts {
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : []);
  const entries = () =>
    lines()
      .map(parseEntry)
      .filter((entry) => entry !== undefined);
  const entriesOf = (host: string, port: number) => {
    const name = hostName(host, port);
    return entries().filter((entry) => speaksOf(entry, name));
  };
  const trust = (host: string, port: number, key: Buffer): HostKey => {
    const name = hostName(host, port);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const lineBreak = before === '' || before.endsWith('\n') ? '' : '\n';
    appendDurably(file, `${lineBreak}${name} ${keyTypeOf(key)} ${key.toString('base64')}\n`);
    return toHostKey({ marker: undefined, hosts: name, key });
  };

  return {
    decide(host, port, key, policy) {
      const known = entriesOf(host, port);
      const same = known.filter((entry) => entry.key.equals(key));
      if (same.some((entry) => entry.marker === 'revoked'))
        return refuse(changed(host, port, key, 'this key was revoked'));
      if (same.some((entry) => entry.marker === undefined)) return { trusted: true };
      const expected = known.filter((entry) => entry.marker === undefined);
      if (expected.length > 0) {
        const prints = expected.map((entry) => `${fingerprintOf(entry.key)} (${keyTypeOf(entry.key)})`).join(' or ');
        return refuse(changed(host, port, key, `expected ${prints}`));
      }
      if (policy !== 'accept-new') return refuse(unknown(host, port, key));
      trust(host, port, key);
      return { trusted: true };
    },
    knownTypes: (host, port) =>
      entriesOf(host, port)
        .filter((entry) => entry.marker === undefined)
        .map((entry) => keyTypeOf(entry.key)),
    trust,
    forget(host, port) {
      const name = hostName(host, port);
      const all = lines();
      const kept = all.filter((line) => {
        const entry = parseEntry(line);
        return entry === undefined || entry.marker !== undefined || !speaksOf(entry, name);
      });
      if (kept.length < all.length) replaceDurably(file, kept.join('\n'));
      return all.length - kept.length;
    },
    list: () =>
      entries()
        .filter((entry) => entry.marker === undefined)
        .map(toHostKey),
    nameOf: hostName,
  };
}

function toHostKey(entry: KnownHostEntry): HostKey {
  return { host: entry.hosts, keyType: keyTypeOf(entry.key), fingerprint: fingerprintOf(entry.key) };
}

const nounOf = (key: Buffer) => (keyTypeOf(key) === certificateType ? 'certificate' : 'host key');

const refuse = (error: PushrodError): HostKeyDecision => ({ trusted: false, error });

function changed(host: string, port: number, key: Buffer, why: string): PushrodError {
  const shown = `${fingerprintOf(key)} (${keyTypeOf(key)})`;
  return new PushrodError('HOST_KEY_CHANGED', `The ${nounOf(key)} of ${hostName(host, port)} is ${shown}; ${why}.`);
}

function unknown(host: string, port: number, key: Buffer): PushrodError {
  const shown = `${fingerprintOf(key)} (${keyTypeOf(key)})`;
  return new PushrodError(
    'HOST_KEY_UNKNOWN',
    `The ${nounOf(key)} of ${hostName(host, port)} is not known yet: ${shown}.`,
  );
}
