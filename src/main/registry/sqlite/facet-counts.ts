import type { Database } from '../../data/index.ts';
import type { DeviceRow } from '../row.ts';

export const facetColumns = {
  status: 'status',
  location: 'location',
  model: 'model',
  firmwareVersion: 'firmware_version',
} as const satisfies Record<string, keyof DeviceRow>;
export type FacetName = keyof typeof facetColumns;
export const facetNames = Object.keys(facetColumns) as FacetName[];

/** The kept numbers of devices with each value. Counted up and down in memory, written at the end of a transaction. */
export interface FacetCounts {
  count(row: Pick<DeviceRow, 'status' | 'location' | 'model' | 'firmware_version'>, by: 1 | -1): void;
  write(): void;
  forget(): void;
}

export function createFacetCounts(database: Database): FacetCounts {
  const add = database.prepare(`
    INSERT INTO facet_counts (facet, value, count) VALUES (?, ?, ?)
    ON CONFLICT (facet, value) DO UPDATE SET count = count + excluded.count`);
  const drop = database.prepare('DELETE FROM facet_counts WHERE count = 0');
  const changes = new Map(facetNames.map((facet) => [facet, new Map<string, number>()]));
  const forget = () => {
    for (const values of changes.values()) values.clear();
  };
  return {
    count(row, by) {
      for (const [facet, values] of changes) {
        const value = row[facetColumns[facet]] ?? '';
        values.set(value, (values.get(value) ?? 0) + by);
      }
    },
    write() {
      for (const [facet, values] of changes) {
        for (const [value, change] of values) if (change !== 0) add.run(facet, value, change);
      }
      drop.run();
      forget();
    },
    forget,
  };
}
