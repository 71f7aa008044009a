import { randomUUID } from 'node:crypto';
import { PushrodError } from '../../../shared/errors.ts';
import type { Device, DeviceId, DeviceSelection } from '../../../shared/model/index.ts';
import { type Clock, type Database, inTransaction } from '../../data/index.ts';
import type { DeviceRegistry } from '../registry.ts';
import { sortColumns, whereFilter, whereSelected } from './filter.ts';
import { type DeviceRow, fromRow, toRow } from './row.ts';

const columns = [
  ...['id', 'name', 'address', 'status', 'last_seen', 'firmware_version'],
  ...['location', 'model', 'metadata', 'profile', 'created_at', 'updated_at'],
];

/** The registry in a SQLite database. `onChange` is called after each change. */
export function createSqliteRegistry(database: Database, clock: Clock, onChange: () => void): DeviceRegistry {
  const insert = database.prepare(
    `INSERT INTO devices (${columns.join()}) VALUES (${columns.map((c) => `@${c}`).join()})`,
  );
  const replace = database.prepare(`UPDATE devices SET ${columns.map((c) => `${c} = @${c}`).join()} WHERE id = @id`);
  const byId = database.prepare<[string], DeviceRow>('SELECT * FROM devices WHERE id = ?');
  const now = () => new Date(clock.now()).toISOString();

  const get = (id: DeviceId): Device => {
    const row = byId.get(id);
    if (!row) throw missing([id]);
    return fromRow(row);
  };
  const requireAll = (selection: DeviceSelection) => {
    if (!('ids' in selection)) return;
    const absent = selection.ids.filter((id) => byId.get(id) === undefined);
    if (absent.length > 0) throw missing(absent);
  };

  return {
    add(given) {
      const at = now();
      const device: Device = { ...given, id: given.id ?? (randomUUID() as DeviceId), createdAt: at, updatedAt: at };
      if (byId.get(device.id)) {
        throw new PushrodError('CONFLICT', `There is already a device with the id "${device.id}".`, [
          { field: 'id', message: 'choose another id, or update the device that has it' },
        ]);
      }
      insert.run(toRow(device));
      onChange();
      return device;
    },
    get,
    has: (id) => byId.get(id) !== undefined,
    update(id, changes) {
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const device: Device = { ...get(id), ...given, updatedAt: now() };
      replace.run(toRow(device));
      onChange();
      return device;
    },
    remove(selection) {
      const where = whereSelected(selection);
      const removed = inTransaction(database, () => {
        requireAll(selection);
        return database.prepare(`DELETE FROM devices WHERE ${where.sql}`).run(where.parameters).changes;
      });
      if (removed > 0) onChange();
      return removed;
    },
    list({ filter, sort, limit, offset }) {
      const where = whereFilter(filter);
      const direction = sort.descending ? 'DESC' : 'ASC';
      const order = `${sortColumns[sort.field]} ${direction} NULLS LAST, id ${direction}`;
      const rows = database
        .prepare<unknown[], DeviceRow>(
          `SELECT * FROM devices WHERE ${where.sql} ORDER BY ${order} LIMIT @limit OFFSET @offset`,
        )
        .all({ ...where.parameters, limit, offset });
      const count = database.prepare<unknown[], { total: number }>(
        `SELECT count(*) AS total FROM devices WHERE ${where.sql}`,
      );
      return { devices: rows.map(fromRow), total: count.get(where.parameters)?.total ?? 0, nextCursor: null };
    },
    select(selection) {
      requireAll(selection);
      const where = whereSelected(selection);
      return database
        .prepare<unknown[], DeviceRow>(`SELECT * FROM devices WHERE ${where.sql} ORDER BY name, id`)
        .all(where.parameters)
        .map(fromRow);
    },
    atomically: (work) => inTransaction(database, work),
  };
}

function missing(ids: DeviceId[]): PushrodError {
  const names = ids.map((id) => `"${id}"`).join(', ');
  return new PushrodError('DEVICE_NOT_FOUND', `There is no device with the id ${names}.`);
}
