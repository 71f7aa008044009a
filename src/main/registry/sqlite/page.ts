import type { DeviceFilter, DevicePage, DevicePageRequest, DeviceSort } from '../../../shared/model/index.ts';
import type { Database } from '../../data/index.ts';
import { type Place, readCursor, writeCursor } from '../cursor.ts';
import { type DeviceRow, fromRow } from '../row.ts';
import type { Where } from './condition.ts';
import { selectRows } from './rows.ts';
import type { Totals } from './totals.ts';
import { whereFilter } from './where.ts';

interface SortColumn {
  sql: keyof DeviceRow;
  /** The index in this order, where there is one. */
  index?: string;
  /** Set where devices may have no value; `''` in keys. */
  mayBeEmpty?: true;
}

const sortColumns: Readonly<Record<DeviceSort['field'], SortColumn>> = {
  id: { sql: 'id', index: 'devices_by_id' },
  name: { sql: 'name_key', index: 'devices_by_name' },
  address: { sql: 'address_key', index: 'devices_by_address' },
  status: { sql: 'status', index: 'devices_by_status' },
  lastSeen: { sql: 'last_seen', index: 'devices_by_last_seen', mayBeEmpty: true },
  firmwareVersion: { sql: 'version_key', index: 'devices_by_version', mayBeEmpty: true },
  location: { sql: 'location_key', index: 'devices_by_location', mayBeEmpty: true },
  model: { sql: 'model_key', index: 'devices_by_model', mayBeEmpty: true },
  profile: { sql: 'profile', mayBeEmpty: true },
  createdAt: { sql: 'created_at' },
  updatedAt: { sql: 'updated_at', index: 'devices_by_updated_at' },
};

/** A part of an order: first the devices that have a value, then those that have none. */
type Part = 'all' | 'filled' | 'empty';

/** Reads one page. How many match is known first, and decides how the page is found. */
export function readPage(database: Database, totals: Totals, request: DevicePageRequest): DevicePage {
  const { filter, sort, limit, offset, after } = request;
  const place = after === undefined ? undefined : readCursor(sort, after);
  const total = totals.of(filter);
  const column = sortColumns[sort.field];
  const query = createPartQuery(database, filter, sort, isWorthWalking(total, limit, totals.ofAll()));
  const rows: DeviceRow[] = [];
  let skip = offset;
  for (const [index, part] of partsFrom(column, place).entries()) {
    const wanted = limit + 1 - rows.length;
    if (wanted === 0) break;
    rows.push(...query.rows(part, index === 0 ? place : undefined, wanted, skip));
    skip = rows.length === 0 && skip > 0 && part === 'filled' ? Math.max(0, skip - query.count(part)) : 0;
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    devices: page.map(fromRow),
    total,
    nextCursor: last && rows.length > limit ? writeCursor(sort, placeOf(column, last)) : null,
  };
}

/**
 * Walking the order and looking at each device costs about limit × all / matching steps; finding all that match and
 * sorting them costs as many steps as there are.
 */
function isWorthWalking(matching: number, limit: number, all: number): boolean {
  return matching * matching > limit * all;
}

function createPartQuery(database: Database, filter: DeviceFilter, sort: DeviceSort, walk: boolean) {
  const column = sortColumns[sort.field];
  const where = whereFilter(filter, walk ? 'text' : 'index');
  const source = indexHint(filter, sort, walk);
  const direction = sort.descending ? 'DESC' : 'ASC';
  const [sortBy, ...ties] = [...new Set([column.sql, 'name_key', 'id'])];
  const order = (sort.field === 'id' ? ['id'] : [sortBy, ...ties]).map((name) => `${name} ${direction}`).join();

  const whereOf = (part: Part): Where => {
    if (part === 'all') return where;
    const isFilled = column.sql === 'profile' ? 'profile IS NOT NULL' : `${column.sql} > ''`;
    const isEmpty = column.sql === 'profile' ? 'profile IS NULL' : `${column.sql} = ''`;
    return { sql: `${part === 'filled' ? isFilled : isEmpty} AND ${where.sql}`, parameters: where.parameters };
  };
  const behind = (part: Part, place: Place | undefined): string => {
    if (!place) return 'TRUE';
    const compare = sort.descending ? '<' : '>';
    if (sort.field === 'id') return `id ${compare} @atId`;
    if (sort.field === 'name' || part === 'empty') return `(name_key, id) ${compare} (@atName, @atId)`;
    return `(${column.sql}, name_key, id) ${compare} (@atValue, @atName, @atId)`;
  };

  return {
    rows(part: Part, place: Place | undefined, limit: number, offset: number): DeviceRow[] {
      const { sql, parameters } = whereOf(part);
      const at = place ? { atValue: place.value, atName: place.nameKey, atId: place.id } : {};
      const text = `${selectRows} ${source} WHERE ${sql} AND ${behind(part, place)} ORDER BY ${order} LIMIT @limit OFFSET @offset`;
      return database.prepare<unknown[], DeviceRow>(text).all({ ...parameters, ...at, limit, offset });
    },
    count(part: Part): number {
      const { sql, parameters } = whereOf(part);
      const text = `SELECT count(*) FROM devices WHERE ${sql}`;
      return database.prepare<unknown[], number>(text).pluck().get(parameters) ?? 0;
    },
  };
}

/**
 * When many match, the index of the order is walked, or, better, that of the one facet value that is asked for, which is
 * by name inside. Otherwise SQLite chooses.
 */
function indexHint(filter: DeviceFilter, sort: DeviceSort, walk: boolean): string {
  if (!walk) return '';
  if (sort.field === 'name') {
    for (const facet of ['location', 'model', 'status'] as const) {
      const [value, ...others] = filter[facet] ?? [];
      if (value && others.length === 0) return `INDEXED BY devices_by_${facet}`;
    }
  }
  const { index } = sortColumns[sort.field];
  return index ? `INDEXED BY ${index}` : '';
}

function partsFrom({ mayBeEmpty }: SortColumn, place: Place | undefined): Part[] {
  if (!mayBeEmpty) return ['all'];
  return place?.value === '' ? ['empty'] : ['filled', 'empty'];
}

function placeOf({ sql }: SortColumn, row: DeviceRow): Place {
  return { value: row[sql] ?? '', nameKey: row.name_key, id: row.id };
}
