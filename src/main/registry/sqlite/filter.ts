import type { DeviceFilter, DeviceSelection, DeviceSortField } from '../../../shared/model/index.ts';

/** A WHERE clause and its named parameters. */
export interface Where {
  sql: string;
  parameters: Record<string, unknown>;
}

export const sortColumns = {
  name: 'name',
  address: 'address',
  status: 'status',
  lastSeen: 'last_seen',
  firmwareVersion: 'firmware_version',
  location: 'location',
  model: 'model',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const satisfies Record<DeviceSortField, string>;

const searched = ['name', 'address', 'location', 'model'];

/** Lists travel as one JSON array parameter, so their length meets no limit on bound variables. */
const inList = (column: string, name: string) => `${column} IN (SELECT value FROM json_each(@${name}))`;

export function whereSelected(selection: DeviceSelection): Where {
  if ('ids' in selection) return whereFilter({ ids: selection.ids });
  return whereFilter('filter' in selection ? selection.filter : {});
}

export function whereFilter(filter: DeviceFilter): Where {
  const terms: string[] = [];
  const parameters: Record<string, unknown> = {};
  const add = (value: unknown, name: string, sql: string, bound: unknown = value) => {
    if (value === undefined) return;
    terms.push(sql);
    parameters[name] = bound;
  };
  add(filter.ids, 'ids', inList('id', 'ids'), JSON.stringify(filter.ids));
  add(filter.status, 'status', inList('status', 'status'), JSON.stringify(filter.status));
  add(filter.location, 'location', inList('location', 'location'), JSON.stringify(filter.location));
  add(filter.model, 'model', inList('model', 'model'), JSON.stringify(filter.model));
  add(filter.firmwareVersion, 'firmwareVersion', 'firmware_version = @firmwareVersion');
  add(filter.seenAfter, 'seenAfter', 'last_seen >= @seenAfter');
  add(filter.seenBefore, 'seenBefore', 'last_seen < @seenBefore');
  for (const [index, [key, value]] of Object.entries(filter.tags ?? {}).entries()) {
    terms.push(
      `EXISTS (SELECT 1 FROM json_each(metadata) AS tag WHERE tag.key = @key${index} AND tag.atom || '' = @value${index})`,
    );
    parameters[`key${index}`] = key;
    parameters[`value${index}`] = value;
  }
  for (const [index, word] of (filter.search ?? '').split(/\s+/).filter(Boolean).entries()) {
    const columns = searched.map((column) => `${column} LIKE @word${index} ESCAPE '\\'`);
    terms.push(`(${columns.join(' OR ')})`);
    parameters[`word${index}`] = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  }
  return { sql: terms.length === 0 ? 'TRUE' : terms.join(' AND '), parameters };
}
