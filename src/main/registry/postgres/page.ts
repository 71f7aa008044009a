import type { DevicePage, DevicePageRequest, DeviceSort } from '../../../shared/model/index.ts';
import { type Place, readCursor, writeCursor } from '../cursor.ts';
import type { Session } from './connections.ts';
import type { Remembered } from './remembered.ts';
import { type ReadRow, selectRows, toDevice } from './rows.ts';
import type { Snapshot } from './snapshot.ts';
import { createParameters, holdable, type Parameters, whereFilter } from './where.ts';

interface SortColumn {
  sql: keyof ReadRow;
  /** Set where devices may have no value: those come last in both directions. */
  isEmpty?: string;
}

const sortColumns: Readonly<Record<DeviceSort['field'], SortColumn>> = {
  id: { sql: 'id' },
  name: { sql: 'name_key' },
  address: { sql: 'address_key' },
  status: { sql: 'status' },
  lastSeen: { sql: 'last_seen', isEmpty: "last_seen = ''" },
  firmwareVersion: { sql: 'version_key', isEmpty: "version_key = ''" },
  location: { sql: 'location_key', isEmpty: "location_key = ''" },
  model: { sql: 'model_key', isEmpty: "model_key = ''" },
  profile: { sql: 'profile', isEmpty: 'profile IS NULL' },
  createdAt: { sql: 'created_at' },
  updatedAt: { sql: 'updated_at' },
};

/** A part of an order: first the devices that have a value, then those that have none. */
type Part = 'all' | 'filled' | 'empty';

/** Up to so many that match are all found and sorted; where more do, the first ones are soon met in the order's index. */
const mostSorted = 10_000;

/** Reads one page. How many match is known first, and decides how the page is found. */
export async function readPage(
  session: Snapshot,
  remembered: Remembered,
  request: DevicePageRequest,
): Promise<DevicePage> {
  const { filter, sort, limit, offset, after } = request;
  const place = after === undefined ? undefined : readCursor(sort, after);
  const column = sortColumns[sort.field];
  const total = await remembered.get(session.state, { filter }, () => count(session, request, 'all'));
  const rows: ReadRow[] = [];
  let skip = offset;
  for (const [index, part] of partsFrom(column, place).entries()) {
    const wanted = limit + 1 - rows.length;
    if (wanted === 0) break;
    const isSorted = Object.keys(filter).length > 0 && total <= mostSorted;
    rows.push(...(await readPart(session, request, part, index === 0 ? place : undefined, wanted, skip, isSorted)));
    skip = rows.length === 0 && skip > 0 && part === 'filled' ? skip - (await count(session, request, part)) : 0;
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    devices: page.map(toDevice),
    total,
    nextCursor: last && rows.length > limit ? writeCursor(sort, placeOf(column, last)) : null,
  };
}

async function count(session: Session, { filter, sort }: DevicePageRequest, part: Part): Promise<number> {
  const parameters = createParameters();
  const where = `${wherePart(part, sort)} AND ${whereFilter(filter, parameters)}`;
  const [row] = await session.query<{ total: number }>(
    `SELECT count(*)::int AS total FROM pushrod.devices WHERE ${where}`,
    parameters.values,
  );
  return row?.total ?? 0;
}

function readPart(
  session: Session,
  { filter, sort }: DevicePageRequest,
  part: Part,
  place: Place | undefined,
  limit: number,
  offset: number,
  isSorted: boolean,
): Promise<ReadRow[]> {
  const parameters = createParameters();
  const where = [wherePart(part, sort), whereFilter(filter, parameters), whereBehind(place, part, sort, parameters)];
  const names = orderOf(part, sort).map((name) => `${name} ${sort.descending ? 'DESC' : 'ASC'}`);
  const [most, skip] = [parameters.bind(limit, 'int'), parameters.bind(offset, 'bigint')];
  // OFFSET 0 keeps the planner from walking the order's index through all that does not match.
  const fence = isSorted ? 'OFFSET 0' : '';
  return session.query<ReadRow>(
    `SELECT * FROM (${selectRows} WHERE ${where.join(' AND ')} ${fence}) AS found ORDER BY ${names} LIMIT ${most} OFFSET ${skip}`,
    parameters.values,
  );
}

function wherePart(part: Part, { field }: DeviceSort): string {
  const { isEmpty } = sortColumns[field];
  if (!isEmpty || part === 'all') return 'TRUE';
  return part === 'empty' ? isEmpty : `NOT (${isEmpty})`;
}

function whereBehind(place: Place | undefined, part: Part, sort: DeviceSort, { bind }: Parameters): string {
  if (!place) return 'TRUE';
  const values: Record<string, string> = { name_key: place.nameKey, id: place.id };
  const names = orderOf(part, sort);
  const bound = names.map((name) => bind(holdable(values[name] ?? place.value), 'text'));
  return `(${names}) ${sort.descending ? '<' : '>'} (${bound})`;
}

/** The columns an order compares, first to last. */
function orderOf(part: Part, { field }: DeviceSort): (keyof ReadRow)[] {
  if (field === 'id') return ['id'];
  return field === 'name' || part === 'empty' ? ['name_key', 'id'] : [sortColumns[field].sql, 'name_key', 'id'];
}

function partsFrom({ isEmpty }: SortColumn, place: Place | undefined): Part[] {
  if (!isEmpty) return ['all'];
  return place?.value === '' ? ['empty'] : ['filled', 'empty'];
}

function placeOf({ sql }: SortColumn, row: ReadRow): Place {
  return { value: row[sql] ?? '', nameKey: row.name_key, id: row.id };
}
