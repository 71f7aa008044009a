import type { DeviceFacets, DeviceFilter, Facet } from '../../../shared/model/index.ts';
import type { Query } from './connections.ts';
import { createParameters, whereFilter } from './where.ts';

const facetColumns = {
  status: 'status',
  location: 'location',
  model: 'model',
  firmwareVersion: 'firmware_version',
} as const;
type FacetName = keyof typeof facetColumns;
const facetNames = Object.keys(facetColumns) as FacetName[];

/** Values told for each facet. */
const mostValues = 100;

interface FacetRow {
  facet: FacetName;
  value: string | null;
  count: number;
  distinct: number;
}

/** Counts how many devices have each value, all facets in one pass over the devices. */
export async function readFacets(query: Query, filter: DeviceFilter): Promise<DeviceFacets> {
  const parameters = createParameters();
  const columns = Object.values(facetColumns);
  const facetOf = facetNames.map((name) => `WHEN grouping(${facetColumns[name]}) = 0 THEN '${name}'`).join(' ');
  const rows = await query<FacetRow>(
    `SELECT facet, value, count, "distinct" FROM (
       SELECT facet, value, count::int, (count(*) OVER facets)::int AS "distinct",
         row_number() OVER (facets ORDER BY count DESC, value ASC NULLS LAST) AS place
       FROM (
         SELECT CASE ${facetOf} END AS facet, coalesce(${columns}) AS value, count(*) AS count
         FROM pushrod.devices WHERE ${whereFilter(filter, parameters)}
         GROUP BY GROUPING SETS (${columns.map((column) => `(${column})`)})
       ) AS counted
       WINDOW facets AS (PARTITION BY facet)
     ) AS ranked WHERE place <= ${mostValues} ORDER BY facet, place`,
    parameters.values,
  );
  const facetIn = (name: FacetName): Facet => {
    const found = rows.filter(({ facet }) => facet === name);
    return { values: found.map(({ value, count }) => ({ value, count })), distinct: found[0]?.distinct ?? 0 };
  };
  const facets = Object.fromEntries(facetNames.map((name) => [name, facetIn(name)])) as Record<FacetName, Facet>;
  return { total: facets.status.values.reduce((sum, { count }) => sum + count, 0), ...facets };
}
