import type { DeviceSelection } from '../../../shared/model/index.ts';
import type { Database } from '../../data/index.ts';
import { missingDevices } from '../missing.ts';
import type { Where } from './condition.ts';
import { whereFilter } from './where.ts';

/** The devices of a selection. @throws PushrodError `DEVICE_NOT_FOUND` naming ids that are not registered */
export function whereSelected(database: Database, selection: DeviceSelection): Where {
  if ('ids' in selection) {
    requireAll(database, selection.ids);
    return whereFilter({ ids: selection.ids }, 'index');
  }
  return whereFilter('filter' in selection ? selection.filter : {}, 'index');
}

/** The rows of a selection as they are now, by number. */
export function selectedRowids(database: Database, selection: DeviceSelection): number[] {
  const { sql, parameters } = whereSelected(database, selection);
  return database
    .prepare<unknown[], number>(`SELECT rowid FROM devices WHERE ${sql} ORDER BY rowid`)
    .pluck()
    .all(parameters);
}

function requireAll(database: Database, ids: readonly string[]): void {
  const missing = database
    .prepare<[string], string>('SELECT DISTINCT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM devices)')
    .pluck()
    .all(JSON.stringify(ids));
  if (missing.length > 0) throw missingDevices(missing);
}
