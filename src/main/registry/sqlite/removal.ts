import { PushrodError } from '../../../shared/errors.ts';
import type { Device, DeviceSelection, Removal, RemovalId } from '../../../shared/model/index.ts';
import { fromRow } from '../row.ts';
import { startBulkInsert } from './bulk.ts';
import { selectedRowids } from './selection.ts';
import type { Writing } from './writer.ts';

/** Above this many removed from, or restored to, an (almost) empty registry, whole tables are emptied or filled. */
const manyDevices = 5_000;

/** Removes devices and keeps them aside, until the next removal. */
export async function removeSelected(
  { database, rows, breathe }: Writing,
  selection: DeviceSelection,
  removalId: RemovalId,
): Promise<Removal> {
  const keep = database.prepare('INSERT INTO removed_devices (removal_id, device) VALUES (?, ?)');
  const rowids = selectedRowids(database, selection);
  if (rowids.length === 0) return { removed: 0, removalId };
  database.exec('DELETE FROM removed_devices');
  const isAll = rowids.length >= manyDevices && rowids.length === count(database, 'devices');
  for (const rowid of rowids) {
    const row = rows.byRowid(rowid);
    if (!row) continue;
    keep.run(removalId, JSON.stringify(fromRow(row)));
    if (!isAll) rows.remove(row);
    await breathe();
  }
  if (isAll) emptyTables(database);
  return { removed: rowids.length, removalId };
}

/** Brings the devices of the last removal back as they were. */
export async function restoreRemoved({ database, rows, breathe }: Writing, removalId: RemovalId): Promise<number> {
  const removed = database
    .prepare<[string], string>('SELECT device FROM removed_devices WHERE removal_id = ?')
    .pluck()
    .all(removalId);
  if (removed.length === 0) throw new PushrodError('CONFLICT', 'This removal cannot be undone any more.');
  const bulk =
    removed.length >= manyDevices && count(database, 'devices') < manyDevices ? startBulkInsert(database) : undefined;
  const taken: string[] = [];
  const present = new Set(
    bulk ? database.prepare<[], string>('SELECT id FROM devices').pluck().all() : ([] as string[]),
  );
  for (const text of removed) {
    const device = JSON.parse(text) as Device;
    if (bulk ? present.has(device.id) : rows.byId(device.id)) taken.push(device.id);
    else if (bulk) bulk.insert(device);
    else rows.insert(device);
    await breathe();
  }
  if (taken.length > 0) {
    const message = `The removal cannot be undone: "${taken[0]}" is registered again${taken.length > 1 ? ', and others' : ''}.`;
    throw new PushrodError('CONFLICT', message);
  }
  await bulk?.finish(breathe);
  database.exec('DELETE FROM removed_devices');
  return removed.length;
}

function count(database: Writing['database'], table: string): number {
  return database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}

function emptyTables(database: Writing['database']): void {
  database.exec(`
    INSERT INTO device_search (device_search) VALUES ('delete-all');
    DELETE FROM device_texts;
    DELETE FROM device_tags;
    DELETE FROM facet_counts;
    DELETE FROM devices;`);
}
