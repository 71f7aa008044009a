import { type Column, columnOf, tagOf } from '../../shared/list-columns.ts';
import { parseAddress } from '../../shared/model/address.ts';
import type { HeadRow } from './list-head.ts';

/** What the columns of a list are taken for; `''` for one that is left out, `tag:KEY` for a tag. */
export interface ListLayout {
  columns: string[];
  hasHeadings: boolean;
}

/** How people head their own spreadsheets, beside what the import knows by itself. */
const otherHeadings: Record<string, Column> = {
  ...{ bezeichnung: 'name', gerät: 'name', gerätename: 'name', label: 'name', title: 'name' },
  ...{ adresse: 'address', ipadresse: 'address', ipv4: 'address', ipv6: 'address', netz: 'address', fqdn: 'address' },
  ...{
    standort: 'location',
    ort: 'location',
    raum: 'location',
    halle: 'location',
    room: 'location',
    place: 'location',
  },
  ...{ typ: 'model', type: 'model', modell: 'model', product: 'model', hardware: 'model' },
  ...{ profil: 'profile', softwareversion: 'firmware_version', fw: 'firmware_version' },
};

const folded = (heading: string) => heading.toLowerCase().replace(/[\s_.-]+/g, '');
const knownColumn = (heading: string) => columnOf(heading) ?? otherHeadings[folded(heading)];

/** Surely an address, and hardly a name: it has digits between points, or colons. */
export function looksLikeAddress(text: string): boolean {
  return /^\[?[\da-f:.]+\]?(:\d+)?$/i.test(text) && /[.:]/.test(text) && typeof parseAddress(text) !== 'string';
}

/** What a list seems to be, by its headings or, where there are none, by what its columns hold. */
export function guessLayout(rows: readonly HeadRow[]): ListLayout {
  const first = rows[0]?.cells ?? [];
  const isHeading = (cell: string) => knownColumn(cell) !== undefined || tagOf(cell) !== undefined;
  const hasHeadings = first.some(isHeading) || !first.some(looksLikeAddress);
  return {
    columns: hasHeadings
      ? withName(first, withAddress(byHeadings(first), rows.slice(1)), rows.slice(1))
      : byContent(rows),
    hasHeadings,
  };
}

/** The first column that could be a field is it; an unknown heading is a tag of that name. */
function byHeadings(headings: readonly string[]): string[] {
  const taken = new Set<string>();
  return headings.map((heading) => {
    const key = tagOf(heading) ?? heading.trim();
    const column = tagOf(heading) === undefined ? knownColumn(heading) : undefined;
    const wanted = column ?? (key === '' ? '' : `tag:${key}`);
    if (taken.has(wanted)) return '';
    if (wanted !== '') taken.add(wanted);
    return wanted;
  });
}

/** Where no heading tells the addresses, what stands below it may. */
function withAddress(columns: string[], body: readonly HeadRow[]): string[] {
  if (columns.includes('address') || body.length === 0) return columns;
  const at = columns.findIndex((_, column) => body.every(({ cells }) => looksLikeAddress(cells[column] ?? '')));
  return columns.map((column, index) => (index === at ? 'address' : column));
}

/** Under `hostname, ip` both could be the address: then the one of them that is not is the name. */
function withName(headings: readonly string[], columns: string[], body: readonly HeadRow[]): string[] {
  const both = columns.flatMap((_, at) => (knownColumn(headings[at] ?? '') === 'address' ? [at] : []));
  const areAddresses = (at: number) => body.length > 0 && body.every(({ cells }) => looksLikeAddress(cells[at] ?? ''));
  const address = both.find(areAddresses) ?? both[0];
  const name = both.find((at) => at !== address && !areAddresses(at));
  if (columns.includes('name') || name === undefined) return columns;
  return columns.map((column, at) => (at === name ? 'name' : at === address ? 'address' : column));
}

function byContent(rows: readonly HeadRow[]): string[] {
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const addressesIn = (at: number) => rows.filter(({ cells }) => looksLikeAddress(cells[at] ?? '')).length;
  const columns = Array.from({ length: width }, (_, at) => at);
  const address = columns.reduce((best, at) => (addressesIn(at) > addressesIn(best) ? at : best), 0);
  const name = columns.find((at) => at !== address);
  return columns.map((at) => (at === address ? 'address' : at === name ? 'name' : ''));
}
