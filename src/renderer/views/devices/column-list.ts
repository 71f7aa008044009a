import type { Device, DeviceSortField } from '../../../shared/model/index.ts';
import { t } from '../../messages/index.ts';

/** What a column shows: a field of the devices, or what their metadata says of one tag. */
export type ColumnKey = DeviceSortField | `tag:${string}`;

export interface Column {
  key: ColumnKey;
  isShown: boolean;
  /** As a person sized it; the room is shared out while it is not set. */
  widthPx: number | null;
}

export const leastPx = 56;
export const mostPx = 1_200;

/** The fields in their first order, with the least room of each and its share of what is left. */
const fields: readonly { key: DeviceSortField; leastPx: number; share: number; isShown: boolean }[] = [
  { key: 'name', leastPx: 160, share: 3, isShown: true },
  { key: 'status', leastPx: 112, share: 1, isShown: true },
  { key: 'address', leastPx: 104, share: 2, isShown: true },
  { key: 'model', leastPx: 64, share: 2, isShown: true },
  { key: 'firmwareVersion', leastPx: 108, share: 1, isShown: true },
  { key: 'location', leastPx: 88, share: 2, isShown: true },
  { key: 'lastSeen', leastPx: 132, share: 1, isShown: true },
  { key: 'profile', leastPx: 88, share: 1, isShown: false },
  { key: 'createdAt', leastPx: 120, share: 1, isShown: false },
  { key: 'updatedAt', leastPx: 120, share: 1, isShown: false },
  { key: 'id', leastPx: 104, share: 2, isShown: false },
];

/** A state is a word that is never cut off, in whichever language. */
function leastOf(key: ColumnKey): number {
  const least = fields.find((one) => one.key === key)?.leastPx ?? 88;
  if (key !== 'status') return least;
  const longest = Math.max(...Object.values(t().states.status).map((word) => word.length));
  return Math.max(least, 9 * longest + 44);
}

export const firstColumns = (): Column[] => fields.map(({ key, isShown }) => ({ key, isShown, widthPx: null }));
const isField = (key: string): key is DeviceSortField => fields.some((one) => one.key === key);

/** The field that a column sorts by; tags have no order. */
export function sortFieldOf(key: ColumnKey): DeviceSortField | undefined {
  return isField(key) ? key : undefined;
}

/** The name of a tag that a column shows. */
export function tagOf(key: ColumnKey): string | undefined {
  return key.startsWith('tag:') ? key.slice(4) : undefined;
}

export function columnTitle(key: ColumnKey): string {
  return isField(key) ? t().devices.columns.names[key] : (tagOf(key) ?? '');
}

/** What the metadata of a device says of a tag, as text. */
export function tagText({ metadata }: Device, name: string): string | undefined {
  const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A column's part of `grid-template-columns`. */
export function trackOf({ key, widthPx }: Column): string {
  if (widthPx !== null) return `${widthPx}px`;
  const field = fields.find((one) => one.key === key);
  return `minmax(${leastOf(key)}px, ${field?.share ?? 1}fr)`;
}

/** The least width of a column, as it is laid out. */
export function leastWidthOf({ key, widthPx }: Column): number {
  return widthPx ?? leastOf(key);
}

/** Reads what was remembered, as far as it still makes sense; fields that it does not know come behind. */
export function readColumns(stored: string | null): Column[] {
  let given: unknown;
  try {
    given = JSON.parse(stored ?? '');
  } catch {
    return firstColumns();
  }
  const known = (Array.isArray(given) ? given : []).filter(isColumn);
  const first = known.filter(({ key }, index) => known.findIndex((one) => one.key === key) === index);
  const others = firstColumns().filter(({ key }) => !first.some((one) => one.key === key));
  return [...first, ...others].map((one) => (one.key === 'name' ? { ...one, isShown: true } : one));
}

function isColumn(value: unknown): value is Column {
  if (typeof value !== 'object' || value === null) return false;
  const { key, isShown, widthPx } = value as Partial<Column>;
  const isSize = widthPx === null || (typeof widthPx === 'number' && widthPx >= leastPx && widthPx <= mostPx);
  return typeof key === 'string' && (isField(key) || key.startsWith('tag:')) && typeof isShown === 'boolean' && isSize;
}
