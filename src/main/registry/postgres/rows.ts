import type { Device } from '../../../shared/model/index.ts';
import { columns, type DeviceRow, fromRow, tagsOf, toRow } from '../row.ts';
import type { Session } from './connections.ts';

/** Devices written by one statement. */
export const batchSize = 2_000;

/** All columns of `pushrod.devices`. */
export const tableColumns = [...columns, 'tags'] as const;

/** What is read of a device: all but what is there to be found by. */
const readColumns = columns.filter((column) => column !== 'search_text');
export const selectRows = `SELECT ${readColumns.join()} FROM pushrod.devices`;
/** A row of {@link selectRows}. */
export type ReadRow = Omit<DeviceRow, 'search_text'>;

export function toDevice(row: ReadRow): Device {
  return fromRow({ ...row, search_text: '' });
}

/** A batch as one parameter, read back as rows of the table itself. */
const given = 'json_populate_recordset(NULL::pushrod.devices, $1)';
const setAll = tableColumns.filter((column) => column !== 'id').map((column) => `${column} = given.${column}`);

/** Devices made ready to be sent; the quicker half of writing them, done while the server is busy with others. */
export type Prepared = string;

export async function insertDevices(session: Session, prepared: Prepared): Promise<void> {
  const sql = `INSERT INTO pushrod.devices (${tableColumns.join()}) SELECT ${tableColumns.join()} FROM ${given}`;
  await session.run(sql, [prepared]);
}

/** Writes all of devices that are registered. */
export async function updateDevices(session: Session, devices: readonly Device[]): Promise<void> {
  if (devices.length === 0) return;
  const sql = `UPDATE pushrod.devices SET ${setAll.join()} FROM ${given} AS given WHERE devices.id = given.id`;
  await session.run(sql, [prepareDevices(devices)]);
}

export function prepareDevices(devices: readonly Device[]): Prepared {
  return JSON.stringify(
    devices.map((device) => ({ ...toRow(device), tags: Object.fromEntries(tagsOf(device.metadata)) })),
  );
}
