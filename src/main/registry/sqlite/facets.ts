import type { DeviceFacets, DeviceFilter, Facet } from '../../../shared/model/index.ts';
import type { Database } from '../../data/index.ts';
import { type FacetName, facetColumns, facetNames } from './facet-counts.ts';
import { whereFilter } from './where.ts';

/** Values told for each facet. */
const mostValues = 100;

/** How many devices have each value: from the kept counts, or counted when a filter narrows them. */
export function readFacets(database: Database, filter: DeviceFilter): DeviceFacets {
  const counts = Object.values(filter).some((value) => value !== undefined)
    ? countFiltered(database, filter)
    : readKept(database);
  const facets = Object.fromEntries(facetNames.map((name) => [name, toFacet(counts[name])]));
  const total = [...counts.status.values()].reduce((sum, count) => sum + count, 0);
  return { total, ...(facets as Record<FacetName, Facet>) };
}

/** Counts by value; `''` stands for none. */
type Counts = Record<FacetName, Map<string, number>>;

const noCounts = (): Counts => ({
  status: new Map(),
  location: new Map(),
  model: new Map(),
  firmwareVersion: new Map(),
});

function readKept(database: Database): Counts {
  const counts = noCounts();
  const rows = database.prepare<[], { facet: FacetName; value: string; count: number }>('SELECT * FROM facet_counts');
  for (const { facet, value, count } of rows.iterate()) counts[facet].set(value, count);
  return counts;
}

/** One pass over the devices: combinations are few where devices are many. */
function countFiltered(database: Database, filter: DeviceFilter): Counts {
  const { sql, parameters } = whereFilter(filter, 'index');
  const columns = facetNames.map((name) => `coalesce(${facetColumns[name]}, '') AS ${name}`);
  const rows = database.prepare<unknown[], Record<FacetName, string> & { count: number }>(
    `SELECT ${columns.join()}, count(*) AS count FROM devices WHERE ${sql} GROUP BY 1, 2, 3, 4`,
  );
  const counts = noCounts();
  for (const row of rows.iterate(parameters)) {
    for (const name of facetNames) counts[name].set(row[name], (counts[name].get(row[name]) ?? 0) + row.count);
  }
  return counts;
}

function toFacet(counts: Map<string, number>): Facet {
  const values = [...counts].sort(([a, countA], [b, countB]) => countB - countA || compareValues(a, b));
  return {
    values: values.slice(0, mostValues).map(([value, count]) => ({ value: value || null, count })),
    distinct: counts.size,
  };
}

/** By bytes; devices without a value last. */
function compareValues(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
