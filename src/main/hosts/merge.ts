import { type ErrorDetail, PushrodError } from '../../shared/errors.ts';
import type { HostsImported } from '../../shared/model/index.ts';
import { formatEntry, type KnownHostEntry, parseEntry, plainNamesOf } from './entry.ts';
import { fingerprintOf, keyTypeOf } from './fingerprint.ts';

/** The lines of a known_hosts that another one lacks. */
export interface Merged extends HostsImported {
  lines: string[];
}

/**
 * Compares two known_hosts. Comments and lines that are there already are left out.
 * @throws PushrodError `INVALID_INPUT`, with each line that cannot be read, or that has another key for a host
 */
export function mergeKnownHosts(ours: string, theirs: string): Merged {
  const known = ours
    .split('\n')
    .map(parseEntry)
    .filter((parsed) => typeof parsed === 'object');
  const present = new Set(known.map(identityOf));
  const expected = new Map(known.flatMap((entry) => placesOf(entry).map((place) => [place, entry.key])));
  const merged: Merged = { lines: [], added: 0, unchanged: 0 };
  const faults: ErrorDetail[] = [];
  for (const [index, line] of theirs.split('\n').entries()) {
    const entry = parseEntry(line);
    if (entry === undefined) continue;
    const fault = typeof entry === 'string' ? entry : conflict(entry, expected);
    if (fault !== undefined) faults.push({ line: index + 1, message: fault });
    else if (typeof entry === 'object') {
      const isPresent = present.has(identityOf(entry));
      present.add(identityOf(entry));
      merged[isPresent ? 'unchanged' : 'added'] += 1;
      if (!isPresent) merged.lines.push(formatEntry(entry));
    }
  }
  if (faults.length === 0) return merged;
  const count = faults.length === 1 ? 'One line' : `${faults.length} lines`;
  throw new PushrodError('INVALID_INPUT', `${count} cannot be imported; nothing was.`, faults);
}

/** What an entry says, whatever its comment. */
const identityOf = (entry: KnownHostEntry) => formatEntry({ ...entry, comment: '' });

/** Each host an entry trusts by a key of one type. */
function placesOf(entry: KnownHostEntry): string[] {
  return entry.marker === null ? plainNamesOf(entry).map((name) => `${name} ${keyTypeOf(entry.key)}`) : [];
}

/** A host that shows the key we know must not become one that may show another as well. */
function conflict(entry: KnownHostEntry, expected: ReadonlyMap<string, Buffer>): string | undefined {
  for (const place of placesOf(entry)) {
    const key = expected.get(place);
    if (!key || key.equals(entry.key)) continue;
    const [name] = place.split(' ');
    return `${name} is known by another key, ${fingerprintOf(key)}; forget that one first, or take the line out`;
  }
  return undefined;
}
