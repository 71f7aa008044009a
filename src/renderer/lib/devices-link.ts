import { type QueryTerm, writeQuery } from './device-query.ts';

/** Of a search that a person can still read and change; the field takes no longer one. */
const mostCharacters = 2_000;

/** Where devices are looked at and changed: one in its details, several in the list; too many to name in all of it. */
export function devicesPlace(ids: readonly string[]): string {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return `#/devices/${encodeURIComponent(only)}`;
  const search = writeQuery(ids.map((value): QueryTerm => ({ key: 'id', operator: ':', value })));
  return ids.length === 0 || search.length > mostCharacters
    ? '#/devices'
    : `#/devices?search=${encodeURIComponent(search)}`;
}

/** The list of devices with those that run a version. */
export function devicesRunning(version: string): string {
  const value = /[\s"]/.test(version) ? `"${version.replaceAll('"', '')}"` : version;
  return `#/devices?search=${encodeURIComponent(`fw=${value}`)}`;
}
