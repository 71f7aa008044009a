import type { Device, DeviceId } from '../../../shared/model/index.ts';
import { textKey } from '../../../shared/model/text-key.ts';
import type { Database } from '../../data/index.ts';
import { type DeviceRow, fromRow, tagsOf, toRow } from '../row.ts';
import { createFacetCounts } from './facet-counts.ts';

/** A device's row as it lies in the tables. */
export interface StoredRow extends DeviceRow {
  rowid: number;
}

/** Writes single devices with all that hangs on them: tags, search text and facet counts. Only inside a transaction. */
export interface DeviceRows {
  insert(device: Device): void;
  /** Replaces what `before` held by what `device` says; the id stays. */
  update(before: StoredRow, device: Device): void;
  remove(row: StoredRow): void;
  byId(id: DeviceId): StoredRow | undefined;
  byRowid(rowid: number): StoredRow | undefined;
  /** The one with the least id of those with this very name and address, up to a row number. */
  byNameAndAddress(name: string, address: string, lastRowid: number): StoredRow | undefined;
  /** The highest row number; rows that come later have higher ones. */
  lastRowid(): number;
  /** Writes the facet counts; the last thing before a commit. */
  finish(): void;
  /** Forgets what was counted, after a rollback. */
  forget(): void;
}

/** Columns of `devices`; the search text lies in a table of its own. */
export const tableColumns = [
  ...['id', 'name', 'name_key', 'address', 'address_key', 'status', 'last_seen', 'firmware_version', 'version_key'],
  ...['location', 'location_key', 'model', 'model_key', 'metadata', 'profile', 'created_at', 'updated_at'],
] as readonly Exclude<keyof DeviceRow, 'search_text'>[];

export const selectRows = `SELECT rowid, ${tableColumns.join()} FROM devices`;

export function createDeviceRows(database: Database): DeviceRows {
  const facets = createFacetCounts(database);
  const insertDevice = database.prepare(
    `INSERT INTO devices (${tableColumns.join()}) VALUES (${tableColumns.map(() => '?').join()})`,
  );
  const insertText = database.prepare('INSERT INTO device_texts (rowid, search_text) VALUES (?, ?)');
  const setText = database.prepare('UPDATE device_texts SET search_text = ? WHERE rowid = ?');
  const removeText = database.prepare('DELETE FROM device_texts WHERE rowid = ?');
  const textOf = database.prepare<[number], string>('SELECT search_text FROM device_texts WHERE rowid = ?').pluck();
  const indexText = database.prepare('INSERT INTO device_search (rowid, search_text) VALUES (?, ?)');
  const unindexText = database.prepare(
    "INSERT INTO device_search (device_search, rowid, search_text) VALUES ('delete', ?, ?)",
  );
  const insertTag = database.prepare('INSERT INTO device_tags (key, value, device) VALUES (?, ?, ?)');
  const removeTag = database.prepare('DELETE FROM device_tags WHERE key = ? AND value = ? AND device = ?');
  const removeDevice = database.prepare('DELETE FROM devices WHERE rowid = ?');
  const byId = database.prepare<[string], StoredRow>(`${selectRows} WHERE id = ?`);
  const byRowid = database.prepare<[number], StoredRow>(`${selectRows} WHERE rowid = ?`);
  const byNameAndAddress = database.prepare<[string, string, string, number], StoredRow>(
    `${selectRows} INDEXED BY devices_by_address
      WHERE address_key = ? AND address = ? AND name = ? AND rowid <= ? ORDER BY id LIMIT 1`,
  );
  const lastRowid = database.prepare<[], number>('SELECT coalesce(max(rowid), 0) FROM devices').pluck();
  const setters = new Map<string, ReturnType<Database['prepare']>>();

  /** Naming only the columns that change spares the indexes of the others. */
  const setColumns = (names: readonly (keyof DeviceRow)[]) => {
    const key = names.join();
    const known = setters.get(key);
    if (known) return known;
    const made = database.prepare(`UPDATE devices SET ${names.map((name) => `${name} = ?`).join()} WHERE rowid = ?`);
    setters.set(key, made);
    return made;
  };

  return {
    insert(device) {
      const row = toRow(device);
      const { lastInsertRowid } = insertDevice.run(tableColumns.map((column) => row[column]));
      const rowid = Number(lastInsertRowid);
      insertText.run(rowid, row.search_text);
      indexText.run(rowid, row.search_text);
      for (const [key, value] of tagsOf(device.metadata)) insertTag.run(key, value, rowid);
      facets.count(row, 1);
    },
    update(before, device) {
      const { rowid } = before;
      const row = toRow(device);
      const changed = tableColumns.filter((column) => row[column] !== before[column]);
      if (changed.length > 0) setColumns(changed).run(...changed.map((column) => row[column]), rowid);
      if (before.metadata !== row.metadata) {
        for (const [key, value] of tagsOf(fromRow(before).metadata)) removeTag.run(key, value, rowid);
        for (const [key, value] of tagsOf(device.metadata)) insertTag.run(key, value, rowid);
      }
      const text = textOf.get(rowid) ?? '';
      if (text !== row.search_text) {
        unindexText.run(rowid, text);
        setText.run(row.search_text, rowid);
        indexText.run(rowid, row.search_text);
      }
      facets.count(before, -1);
      facets.count(row, 1);
    },
    remove(row) {
      unindexText.run(row.rowid, textOf.get(row.rowid) ?? '');
      removeText.run(row.rowid);
      for (const [key, value] of tagsOf(fromRow(row).metadata)) removeTag.run(key, value, row.rowid);
      removeDevice.run(row.rowid);
      facets.count(row, -1);
    },
    byId: (id) => byId.get(id),
    byRowid: (rowid) => byRowid.get(rowid),
    byNameAndAddress: (name, address, last) => byNameAndAddress.get(textKey(address), address, name, last),
    lastRowid: () => lastRowid.get() ?? 0,
    finish: () => facets.write(),
    forget: () => facets.forget(),
  };
}
