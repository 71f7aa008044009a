import type { DeviceFilter, DeviceSelection } from '../../../shared/model/index.ts';
import { missingDevices } from '../missing.ts';
import type { Session } from './connections.ts';

/** The filter that finds a selection. @throws PushrodError `DEVICE_NOT_FOUND` naming ids that are not registered */
export async function filterOf(selection: DeviceSelection, session: Session): Promise<DeviceFilter> {
  if (!('ids' in selection)) return 'filter' in selection ? selection.filter : {};
  const ids = [...new Set(selection.ids)];
  const rows = await session.query<{ id: string }>(
    `SELECT given.id FROM unnest($1::text[]) WITH ORDINALITY AS given (id, place)
     WHERE NOT EXISTS (SELECT FROM pushrod.devices WHERE devices.id = given.id) ORDER BY place`,
    [ids],
  );
  if (rows.length > 0) throw missingDevices(rows.map(({ id }) => id));
  return { ids };
}
