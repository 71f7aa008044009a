import { PushrodError } from '../../../shared/errors.ts';
import type { DeviceSelection, RemovalId } from '../../../shared/model/index.ts';
import type { Session } from './connections.ts';
import { tableColumns } from './rows.ts';
import { filterOf } from './selection.ts';
import { createParameters, whereFilter } from './where.ts';

const all = tableColumns.join();

/** Removes devices and keeps them aside, until the next removal. Returns how many. */
export async function removeSelected(
  session: Session,
  selection: DeviceSelection,
  removalId: RemovalId,
): Promise<number> {
  const parameters = createParameters();
  const where = whereFilter(await filterOf(selection, session), parameters);
  const removal = parameters.bind(removalId, 'text');
  await session.exec('DELETE FROM pushrod.removed_devices');
  return session.run(
    `WITH removed AS (DELETE FROM pushrod.devices WHERE ${where} RETURNING ${all})
     INSERT INTO pushrod.removed_devices (${all}, removal_id) SELECT ${all}, ${removal} FROM removed`,
    parameters.values,
  );
}

/** Brings the devices of the last removal back as they were. Returns how many. */
export async function restoreRemoved(session: Session, removalId: RemovalId): Promise<number> {
  const taken = await session.query<{ id: string }>(
    'SELECT id FROM pushrod.removed_devices JOIN pushrod.devices USING (id) WHERE removal_id = $1 ORDER BY id LIMIT 2',
    [removalId],
  );
  if (taken[0]) {
    const others = taken.length > 1 ? ', and others' : '';
    const message = `The removal cannot be undone: "${taken[0].id}" is registered again${others}.`;
    throw new PushrodError('CONFLICT', message);
  }
  const restored = await session.run(
    `INSERT INTO pushrod.devices (${all}) SELECT ${all} FROM pushrod.removed_devices WHERE removal_id = $1`,
    [removalId],
  );
  if (restored === 0) throw new PushrodError('CONFLICT', 'This removal cannot be undone any more.');
  await session.exec('DELETE FROM pushrod.removed_devices');
  return restored;
}
