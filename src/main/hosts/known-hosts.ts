import { existsSync, readFileSync, statSync } from 'node:fs';
import { PushrodError } from '../../shared/errors.ts';
import type { HostKey, HostKeyPolicy, HostsImported } from '../../shared/model/index.ts';
import { formatEntry, hostName, type KnownHostEntry, parseEntry, speaksOf, without } from './entry.ts';
import { certificateType, fingerprintOf, keyTypeOf } from './fingerprint.ts';
import { mergeKnownHosts } from './merge.ts';
import { appendDurably, replaceDurably } from './write.ts';

export type HostKeyDecision = { trusted: true } | { trusted: false; error: PushrodError };

/** The host keys Pushrod has seen, in an OpenSSH known_hosts file; and the certificates, in another of its form. */
export interface KnownHosts {
  /** Decides whether to go on with a host that shows `key`. Under `accept-new` an unknown key is written down first. */
  decide(host: string, port: number, key: Buffer, policy: HostKeyPolicy): HostKeyDecision;
  /** The key types known for a host, so that the handshake asks for those first. */
  knownTypes(host: string, port: number): string[];
  trust(host: string, port: number, key: Buffer): HostKey;
  /** Forgets the keys of one host, says how many; revoked keys and authorities stay, and so do the hosts of the same line. */
  forget(host: string, port: number): number;
  /** Takes lines out as they are listed, says how many; revoked keys and authorities stay. */
  drop(listed: Pick<HostKey, 'host' | 'fingerprint'>): number;
  list(): HostKey[];
  /**
   * Adds the lines of another known_hosts that are not here yet; all of them or none.
   * @throws PushrodError `INVALID_INPUT`, with each line that cannot be read or says otherwise than what is known
   */
  import(text: string): HostsImported;
  /** All of it, as OpenSSH reads it. */
  export(): string;
  /** How known_hosts names the host: `host`, or `[host]:port` when the port is not 22 (sshd(8)). */
  nameOf(host: string, port: number): string;
}

/**
 * Each question looks whether the file is still the same: other programs may edit it.
 * @param accepting told of a key before it is written down because it was unknown
 */
export function createKnownHosts(file: string, accepting: (key: HostKey) => void = () => undefined): KnownHosts {
  const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  let known = { stamp: '', entries: [] as KnownHostEntry[] };
  const entries = () => {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    const stamp = found ? `${found.ino} ${found.size} ${found.mtimeNs}` : '';
    if (stamp !== known.stamp) known = { stamp, entries: read().split('\n').map(parseEntry).filter(isEntry) };
    return known.entries;
  };
  const append = (added: string) => {
    const before = read();
    appendDurably(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${added}`);
  };
  const trust = (host: string, port: number, key: Buffer): HostKey => {
    const entry = newEntry(host, port, key);
    append(`${formatEntry(entry)}\n`);
    return toHostKey(entry);
  };

  return {
    decide(host, port, key, policy) {
      const all = entries();
      const ofHost = all.filter((entry) => speaksOf(entry, hostName(host, port)));
      // As in ssh(1), a key that is known for the host without a port is good on every port.
      const same = all.filter((entry) => entry.key.equals(key) && speaksOf(entry, hostName(host, 22)));
      same.push(...ofHost.filter((entry) => entry.key.equals(key)));
      if (same.some(({ marker }) => marker === 'revoked')) return refuse(revoked(host, port, key));
      const expected = ofHost.filter(({ marker }) => marker === null);
      const isKnown = expected.some((entry) => entry.key.equals(key));
      if (isKnown || (expected.length === 0 && same.some(({ marker }) => marker === null))) return { trusted: true };
      if (expected.length > 0) return refuse(changed(host, port, key, expected));
      if (policy !== 'accept-new') return refuse(unknown(host, port, key));
      accepting(toHostKey(newEntry(host, port, key)));
      trust(host, port, key);
      return { trusted: true };
    },
    knownTypes(host, port) {
      const trusted = entries().filter(({ marker }) => marker === null);
      const ofHost = trusted.filter((entry) => speaksOf(entry, hostName(host, port)));
      const relevant = ofHost.length > 0 ? ofHost : trusted.filter((entry) => speaksOf(entry, hostName(host, 22)));
      return relevant.map((entry) => keyTypeOf(entry.key));
    },
    trust,
    forget(host, port) {
      const name = hostName(host, port);
      let forgotten = 0;
      const kept = read()
        .split('\n')
        .flatMap((line) => {
          const entry = parseEntry(line);
          if (!isEntry(entry) || entry.marker !== null || !speaksOf(entry, name)) return [line];
          forgotten += 1;
          const left = without(entry, name);
          return left ? [formatEntry(left)] : [];
        });
      if (forgotten > 0) replaceDurably(file, kept.join('\n'));
      return forgotten;
    },
    drop({ host, fingerprint }) {
      const lines = read().split('\n');
      const kept = lines.filter((line) => {
        const entry = parseEntry(line);
        if (!isEntry(entry) || entry.marker !== null) return true;
        return entry.hosts !== host || fingerprintOf(entry.key) !== fingerprint;
      });
      if (kept.length < lines.length) replaceDurably(file, kept.join('\n'));
      return lines.length - kept.length;
    },
    list: () => entries().map(toHostKey),
    import(text) {
      const { lines, ...imported } = mergeKnownHosts(read(), text);
      if (lines.length > 0) append(`${lines.join('\n')}\n`);
      return imported;
    },
    export: read,
    nameOf: hostName,
  };
}

function newEntry(host: string, port: number, key: Buffer): KnownHostEntry {
  return { marker: null, hosts: hostName(host, port), key, comment: '' };
}

const isEntry = (parsed: ReturnType<typeof parseEntry>) => typeof parsed === 'object';

function toHostKey({ hosts, key, marker }: KnownHostEntry): HostKey {
  return { host: hosts, keyType: keyTypeOf(key), fingerprint: fingerprintOf(key), marker };
}

const nounOf = (key: Buffer) => (keyTypeOf(key) === certificateType ? 'certificate' : 'host key');

const refuse = (error: PushrodError): HostKeyDecision => ({ trusted: false, error });

const shownAs = (key: Buffer) => `${fingerprintOf(key)} (${keyTypeOf(key)})`;

function changed(host: string, port: number, key: Buffer, expected: KnownHostEntry[]): PushrodError {
  const prints = expected.map((entry) => shownAs(entry.key)).join(' or ');
  const message = `The ${nounOf(key)} of ${hostName(host, port)} is ${shownAs(key)}; expected ${prints}.`;
  return new PushrodError('HOST_KEY_CHANGED', message);
}

function revoked(host: string, port: number, key: Buffer): PushrodError {
  const message = `The ${nounOf(key)} of ${hostName(host, port)} is ${shownAs(key)}; this key was revoked.`;
  return new PushrodError('HOST_KEY_REVOKED', message);
}

function unknown(host: string, port: number, key: Buffer): PushrodError {
  const message = `The ${nounOf(key)} of ${hostName(host, port)} is not known yet: ${shownAs(key)}.`;
  return new PushrodError('HOST_KEY_UNKNOWN', message);
}
