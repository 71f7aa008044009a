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
  const insertDevice = database.prepare(
    `INSERT INTO devices (rowid, ${tableColumns.join()}) VALUES (?, ${tableColumns.map(() => '?').join()})`,
  );
  const insertText = database.prepare('INSERT INTO device_texts (rowid, search_text) VALUES (?, ?)');
  const insertTag = database.prepare('INSERT INTO new_tags VALUES (?, ?, ?)');
  let rowid = database.prepare<[], number>('SELECT coalesce(max(rowid), 0) FROM devices').pluck().get() ?? 0;

  return {
    insert(device) {
      rowid += 1;
      const row = toRow(device);
      insertDevice.run(
        rowid,
        tableColumns.map((column) => row[column]),
      );
      insertText.run(rowid, row.search_text);
      for (const [key, value] of tagsOf(device.metadata)) insertTag.run(key, value, rowid);
      facets.count(row, 1);
    },
    async finish(between) {
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
