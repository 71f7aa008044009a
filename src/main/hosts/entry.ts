import { createHmac } from 'node:crypto';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHostEntry {
  marker: 'revoked' | 'cert-authority' | undefined;
  /** Comma-separated patterns, or one hashed name `|1|salt|hash`. */
  hosts: string;
  key: Buffer;
}

/** How known_hosts names a host: the port is written only when it is not 22. */
export function hostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Reads a line; `undefined` for an empty line, a comment, or one without a readable key. */
export function parseEntry(line: string): KnownHostEntry | undefined {
  if (line.trimStart().startsWith('#')) return undefined;
  const fields = line.trim().split(/\s+/);
  const marker = fields[0]?.startsWith('@') ? fields.shift()?.slice(1) : undefined;
  const [hosts, type, base64] = fields;
  if (!hosts || !type || !base64) return undefined;
  const key = Buffer.from(base64, 'base64');
  if (key.length < 8) return undefined;
  return { marker: marker === 'revoked' || marker === 'cert-authority' ? marker : undefined, hosts, key };
}

/** Whether an entry speaks of a host; negated patterns win (ssh(1) PATTERNS). */
export function speaksOf(entry: KnownHostEntry, name: string): boolean {
  if (entry.hosts.startsWith('|1|')) return hashMatches(entry.hosts, name);
  const patterns = entry.hosts.toLowerCase().split(',');
  const negated = patterns.some((pattern) => pattern.startsWith('!') && wildcard(pattern.slice(1)).test(name));
  return !negated && patterns.some((pattern) => !pattern.startsWith('!') && wildcard(pattern).test(name));
}

function hashMatches(hashed: string, name: string): boolean {
  const [, , salt = '', hash] = hashed.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}
