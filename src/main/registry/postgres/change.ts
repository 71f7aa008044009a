import type { DevicePatch, DeviceSelection } from '../../../shared/model/index.ts';
import { patched } from '../patched.ts';
import type { Session } from './connections.ts';
import { batchSize, type ReadRow, selectRows, toDevice, updateDevices } from './rows.ts';
import { filterOf } from './selection.ts';
import { createParameters, whereFilter } from './where.ts';

/** Changes the fields given of every device selected, batch by batch. Returns how many. */
export async function changeSelected(
  session: Session,
  selection: DeviceSelection,
  changes: DevicePatch,
  at: string,
): Promise<number> {
  const parameters = createParameters();
  const where = whereFilter(await filterOf(selection, session), parameters);
  // The cursor goes on seeing what was selected, not what the batches before made of it.
  const sql = `DECLARE selected CURSOR FOR ${selectRows} WHERE ${where} ORDER BY id FOR UPDATE`;
  await session.run(sql, parameters.values);
  for (let count = 0; ; ) {
    const rows = await session.query<ReadRow>(`FETCH ${batchSize} FROM selected`);
    if (rows.length === 0) return count;
    const devices = rows.map((row) => patched(toDevice(row), changes, at));
    await updateDevices(session, devices);
    count += rows.length;
  }
}
