import type { DeviceId, RemovalId } from '../../../shared/model/index.ts';
import type { Database } from '../../data/index.ts';
import { missingDevices } from '../missing.ts';
import { patched } from '../patched.ts';
import type { DeviceRegistry, RegistryContext } from '../registry.ts';
import { fromRow } from '../row.ts';
import { readFacets } from './facets.ts';
import { readPage } from './page.ts';
import { putRows } from './put.ts';
import { removeSelected, restoreRemoved } from './removal.ts';
import { type StoredRow, selectRows } from './rows.ts';
import { selectedRowids, whereSelected } from './selection.ts';
import { createTotals } from './totals.ts';
import { createWriter } from './writer.ts';

/** Connections to one registry database. Reading goes on while a long piece of writing is under way. */
export interface RegistryConnections {
  write: Database;
  read: Database;
  /** One more for reading, whose snapshot stays as it is until it is closed. */
  openRead(): Database;
}

/** Devices of one batch of `read`. */
const batchSize = 1_000;

/** The registry in a SQLite database of its own. */
export function createSqliteRegistry(connections: RegistryConnections, context: RegistryContext): DeviceRegistry {
  const { write, read } = connections;
  const totals = createTotals(read);
  const writer = createWriter(write, () => {
    totals.forget();
    context.onChange();
  });
  const byId = read.prepare<[string], StoredRow>(`${selectRows} WHERE id = ?`);

  return {
    async get(id: DeviceId) {
      const row = byId.get(id);
      if (!row) throw missingDevices([id]);
      return fromRow(row);
    },
    list: async (request) => readPage(read, totals, request),
    facets: async (filter) => readFacets(read, filter),
    async *read(selection, signal) {
      const snapshot = connections.openRead();
      try {
        snapshot.exec('BEGIN');
        const { sql, parameters } = whereSelected(snapshot, selection);
        const rows = snapshot.prepare<unknown[], StoredRow>(`${selectRows} WHERE ${sql} ORDER BY name_key, id`);
        let batch = [];
        for (const row of rows.iterate(parameters)) {
          batch.push(fromRow(row));
          if (batch.length < batchSize) continue;
          signal?.throwIfAborted();
          yield batch;
          batch = [];
        }
        if (batch.length > 0) yield batch;
      } finally {
        snapshot.close();
      }
    },
    put: (rows, options) =>
      writer.write(options.signal, async (writing) => {
        const result = await putRows(writing, rows, options, context);
        const changed = result.added + result.updated > 0;
        if (result.faults.length > 0) Object.assign(result, { added: 0, updated: 0, skipped: 0 });
        return { keep: changed && result.faults.length === 0 && !options.dryRun, result };
      }),
    change: (selection, changes, signal) =>
      writer.write(signal, async ({ database, rows, breathe }) => {
        const at = new Date(context.now()).toISOString();
        const rowids = selectedRowids(database, selection);
        for (const rowid of rowids) {
          const row = rows.byRowid(rowid);
          if (row) rows.update(row, patched(fromRow(row), changes, at));
          await breathe();
        }
        return { keep: rowids.length > 0, result: rowids.length };
      }),
    remove: (selection, signal) =>
      writer.write(signal, async (writing) => {
        const result = await removeSelected(writing, selection, context.newId() as RemovalId);
        return { keep: result.removed > 0, result };
      }),
    restore: (removalId) =>
      writer.write(undefined, async (writing) => ({ keep: true, result: await restoreRemoved(writing, removalId) })),
  };
}
