import type { Device } from '../../../shared/model/index.ts';
import type { Database } from '../../data/index.ts';
import { tagsOf, toRow } from '../row.ts';
import { createFacetCounts } from './facet-counts.ts';
import { tableColumns } from './rows.ts';

/**
 * Fills a registry that is (nearly) empty: the indexes are taken away first and built anew at the end, which is several
 * times quicker than keeping them up row by row. All inside the caller's transaction, so a failure leaves the old ones.
 */
export interface BulkInsert {
  insert(device: Device): void;
  /** Builds what was taken away. The longest part; `between` runs before each index. */
  finish(between: () => Promise<void>): Promise<void>;
}

export function startBulkInsert(database: Database): BulkInsert {
  const indexes = database
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'devices' AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
  database.exec('CREATE TEMP TABLE new_tags (key TEXT, value TEXT, device INTEGER)');
  const facets = createFacetCounts(database);
  const devices = createInserter(database, 'devices', ['rowid', ...tableColumns]);
  const texts = createInserter(database, 'device_texts', ['rowid', 'search_text']);
  const tags = createInserter(database, 'new_tags', ['key', 'value', 'device']);
  let rowid = database.prepare<[], number>('SELECT coalesce(max(rowid), 0) FROM devices').pluck().get() ?? 0;

  return {
    insert(device) {
      rowid += 1;
      const row = toRow(device);
      devices.add(rowid, ...tableColumns.map((column) => row[column]));
      texts.add(rowid, row.search_text);
      for (const [key, value] of tagsOf(device.metadata)) tags.add(key, value, rowid);
      facets.count(row, 1);
    },
    async finish(between) {
      for (const inserter of [devices, texts, tags]) inserter.finish();
      const steps = [
        'INSERT INTO device_tags SELECT key, value, device FROM new_tags ORDER BY 1, 2, 3',
        'DROP TABLE new_tags',
        "INSERT INTO device_search (device_search) VALUES ('rebuild')",
        ...indexes.map(({ sql }) => sql),
      ];
      for (const step of steps) {
        await between();
        database.exec(step);
      }
      facets.write();
    },
  };
}

/** Rows of one statement: more of them gain nothing, fewer cost half as much again. */
const rowsAtOnce = 16;

/** Inserts rows of a table, several with one statement. */
function createInserter(database: Database, table: string, columns: readonly string[]) {
  const row = `(${columns.map(() => '?').join()})`;
  const into = (count: number) =>
    database.prepare(`INSERT INTO ${table} (${columns.join()}) VALUES ${Array(count).fill(row).join()}`);
  const several = into(rowsAtOnce);
  let values: unknown[] = [];
  return {
    add(...given: unknown[]) {
      values.push(...given);
      if (values.length < rowsAtOnce * columns.length) return;
      several.run(values);
      values = [];
    },
    finish() {
      if (values.length > 0) into(values.length / columns.length).run(values);
      values = [];
    },
  };
}
