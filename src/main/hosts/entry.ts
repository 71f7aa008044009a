import { createHmac } from 'node:crypto';
import { fitsGlob } from '../../shared/glob.ts';
import { keyTypeOf } from './fingerprint.ts';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHostEntry {
  /** A key that must never be trusted; or one that signs host keys, which Pushrod keeps and never trusts. */
  marker: 'revoked' | 'cert-authority' | null;
  /** Comma-separated patterns, or one hashed name `|1|salt|hash`. */
  hosts: string;
  key: Buffer;
  /** What stands behind the key; empty when there is nothing. */
  comment: string;
}

/** How known_hosts names a host: the port is written only when it is not 22. */
export function hostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

const hashedName = /^\|1\|[A-Za-z0-9+/]{27}=\|[A-Za-z0-9+/]{27}=$/;

/** Reads a line; `undefined` for an empty one and a comment, and a sentence for one that OpenSSH cannot read either. */
export function parseEntry(line: string): KnownHostEntry | string | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [, mark, rest = ''] = /^(?:@(\S*)\s+)?(.*)$/.exec(text) ?? [];
  if (mark !== undefined && mark !== 'revoked' && mark !== 'cert-authority') {
    return `"@${mark}" is not known; only @revoked and @cert-authority are`;
  }
  const [, hosts, type, base64, comment = ''] = /^(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(rest) ?? [];
  if (hosts === undefined || type === undefined || base64 === undefined) {
    return 'it must be NAMES TYPE KEY, as ssh-keyscan prints it';
  }
  if (/^\d+$/.test(type)) return 'it is a key of SSH 1, which nothing uses any more; take the line out';
  if (hosts.startsWith('|') && !hashedName.test(hosts)) return 'its hashed name is damaged; copy the line anew';
  const key = Buffer.from(base64, 'base64');
  if (key.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) {
    return 'its key is not base64; copy the line anew';
  }
  const typeInside = keyTypeOf(key);
  if (typeInside !== type) return `its key is not of the type ${type}; copy the line anew`;
  return { marker: mark ?? null, hosts, key, comment };
}

export function formatEntry({ marker, hosts, key, comment }: KnownHostEntry): string {
  const fields = [hosts, keyTypeOf(key), key.toString('base64'), comment];
  return [marker ? `@${marker}` : '', ...fields].filter((field) => field !== '').join(' ');
}

/** Whether an entry speaks of a host; negated patterns win (ssh(1) PATTERNS). */
export function speaksOf(entry: KnownHostEntry, name: string): boolean {
  if (entry.hosts.startsWith('|')) return hashMatches(entry.hosts, name);
  const patterns = patternsOf(entry);
  const negated = patterns.some((pattern) => pattern.startsWith('!') && fitsGlob(name, pattern.slice(1)));
  return !negated && patterns.some((pattern) => !pattern.startsWith('!') && fitsGlob(name, pattern));
}

/** The entry without one host it speaks of; `undefined` when it spoke of nothing else. Wildcards leave out that host. */
export function without(entry: KnownHostEntry, name: string): KnownHostEntry | undefined {
  if (entry.hosts.startsWith('|')) return undefined;
  const patterns = patternsOf(entry).filter((pattern) => pattern !== name);
  if (patterns.every((pattern) => pattern.startsWith('!'))) return undefined;
  const left = { ...entry, hosts: patterns.join(',') };
  return speaksOf(left, name) ? { ...left, hosts: `${left.hosts},!${name}` } : left;
}

/** The hosts an entry names, where they can be read: neither hashed nor by a wildcard. */
export function plainNamesOf(entry: KnownHostEntry): string[] {
  if (entry.hosts.startsWith('|')) return [];
  return patternsOf(entry).filter((pattern) => !/^!|[*?]/.test(pattern));
}

const patternsOf = ({ hosts }: KnownHostEntry) => hosts.toLowerCase().split(',');

function hashMatches(hashed: string, name: string): boolean {
  const [, , salt = '', hash] = hashed.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}
