import type { RemovalId } from '../../../shared/model/index.ts';
import { missingDevices } from '../missing.ts';
import type { DeviceRegistry, RegistryContext } from '../registry.ts';
import { changeSelected } from './change.ts';
import type { Connections } from './connections.ts';
import { readFacets } from './facets.ts';
import { readPage } from './page.ts';
import { putRows } from './put.ts';
import type { Remembered } from './remembered.ts';
import { removeSelected, restoreRemoved } from './removal.ts';
import { type ReadRow, selectRows, toDevice } from './rows.ts';
import { filterOf } from './selection.ts';
import { inSnapshot, openSnapshot } from './snapshot.ts';
import { createParameters, whereFilter } from './where.ts';
import type { Writer } from './writer.ts';

/** Devices of one batch of `read`. */
const readBatchSize = 1_000;

export function createPostgresRegistry(
  connections: Connections,
  writer: Writer,
  remembered: Remembered,
  context: RegistryContext,
): DeviceRegistry {
  const now = () => new Date(context.now()).toISOString();

  return {
    async get(id) {
      const [row] = await connections.query<ReadRow>(`${selectRows} WHERE id = $1`, [id]);
      if (!row) throw missingDevices([id]);
      return toDevice(row);
    },
    list: (request) => inSnapshot(connections, (snapshot) => readPage(snapshot, remembered, request)),
    facets: (filter) =>
      inSnapshot(connections, ({ state, query }) =>
        remembered.get(state, { facets: filter }, () => readFacets(query, filter)),
      ),
    async *read(selection, signal) {
      const session = await openSnapshot(connections, signal);
      try {
        const parameters = createParameters();
        const where = whereFilter(await filterOf(selection, session), parameters);
        const sql = `DECLARE reading CURSOR FOR ${selectRows} WHERE ${where} ORDER BY name_key, id`;
        await session.run(sql, parameters.values);
        for (;;) {
          const rows = await session.query<ReadRow>(`FETCH ${readBatchSize} FROM reading`);
          if (rows.length === 0) break;
          yield rows.map(toDevice);
        }
        await session.exec('COMMIT');
        session.close('whole');
      } finally {
        session.close('broken');
      }
    },
    put: (rows, options) =>
      writer.write(options.signal, async (session) => {
        const before = await openSnapshot(connections, options.signal);
        try {
          const result = await putRows({ now: session, before }, rows, options, context);
          await before.exec('COMMIT');
          before.close('whole');
          return { keep: result.added + result.updated > 0 && !options.dryRun, result };
        } finally {
          before.close('broken');
        }
      }),
    change(selection, changes, signal) {
      const write = 'ids' in selection && selection.ids.length === 1 ? writer.writeOne : writer.write;
      return write(signal, async (session) => {
        const count = await changeSelected(session, selection, changes, now());
        return { keep: count > 0, result: count };
      });
    },
    remove: (selection, signal) =>
      writer.write(signal, async (session) => {
        const removalId = context.newId() as RemovalId;
        const removed = await removeSelected(session, selection, removalId);
        return { keep: removed > 0, result: { removed, removalId } };
      }),
    restore: (removalId) =>
      writer.write(undefined, async (session) => ({ keep: true, result: await restoreRemoved(session, removalId) })),
  };
}
