import type { Device, DeviceId, NewDevice } from '../../../shared/model/index.ts';
import { patched } from '../patched.ts';
import type { PutOptions, PutResult, PutRow, RegistryContext } from '../registry.ts';
import { alreadyRegistered, createRepeats } from '../repeats.ts';
import { fromRow } from '../row.ts';
import { type BulkInsert, startBulkInsert } from './bulk.ts';
import type { StoredRow } from './rows.ts';
import type { Writing } from './writer.ts';

/** From so many rows on, into a registry that holds no more than that, indexes are built afterwards. */
const bulkFrom = 5_000;

/** How often progress is told, in rows. */
const tellEvery = 10_000;

/** Takes rows in as they come; the caller keeps the transaction only if there is no fault. */
export async function putRows(
  { database, rows, breathe }: Writing,
  batches: AsyncIterable<PutRow[]> | Iterable<PutRow[]>,
  { onConflict, dryRun = false, onProgress }: PutOptions,
  context: RegistryContext,
): Promise<PutResult> {
  const at = new Date(context.now()).toISOString();
  const result: PutResult = { added: 0, updated: 0, skipped: 0, faults: [] };
  const repeats = createRepeats();
  const lastBefore = rows.lastRowid();
  const mayBulk = !dryRun && countUpTo(database, bulkFrom) < bulkFrom;
  let bulk: BulkInsert | undefined;
  let held: Map<string, StoredRow> | undefined;
  let waiting: NewDevice[] = [];
  let seen = 0;

  const find = (device: NewDevice): StoredRow | undefined => {
    if (held) return held.get(device.id ?? `${device.name}\n${device.address}`);
    if (device.id !== undefined) return rows.byId(device.id);
    return rows.byNameAndAddress(device.name, device.address, lastBefore);
  };
  const insert = (given: NewDevice) => {
    const device: Device = { ...given, id: given.id ?? (context.newId() as DeviceId), createdAt: at, updatedAt: at };
    if (bulk) bulk.insert(device);
    else rows.insert(device);
  };
  /** New devices wait until it is clear whether they are many. */
  const flush = () => {
    if (!bulk && mayBulk && waiting.length >= bulkFrom) {
      held = registered(database);
      bulk = startBulkInsert(database);
    }
    for (const device of waiting) insert(device);
    waiting = [];
  };
  const take = (row: PutRow) => {
    if ('faults' in row) return void result.faults.push(...row.faults);
    const { device, given, line, idIfNew } = row;
    const fault = repeats.check(device, line);
    if (fault) return void result.faults.push(fault);
    const present = find(device);
    const again = present && repeats.checkFound(device, present.id, line);
    if (again) return void result.faults.push(again);
    if (!present) {
      result.added += 1;
      if (!dryRun && result.faults.length === 0) waiting.push({ ...device, id: device.id ?? idIfNew });
    } else if (onConflict === 'fail') {
      result.faults.push(alreadyRegistered(device, present.id, line));
    } else if (onConflict === 'skip') {
      result.skipped += 1;
    } else {
      result.updated += 1;
      if (!dryRun) rows.update(rows.byRowid(present.rowid) ?? present, patched(fromRow(present), given, at));
    }
  };

  for await (const batch of batches) {
    for (const row of batch) {
      take(row);
      seen += 1;
      if (seen % tellEvery === 0) onProgress?.(seen);
    }
    if (!mayBulk || bulk || waiting.length >= bulkFrom) flush();
    await breathe();
  }
  onProgress?.(seen);
  flush();
  if (result.faults.length === 0) await bulk?.finish(breathe);
  return result;
}

function countUpTo(database: Writing['database'], most: number): number {
  const text = 'SELECT count(*) FROM (SELECT 1 FROM devices LIMIT ?)';
  return database.prepare<[number], number>(text).pluck().get(most) ?? 0;
}

/** What there is before a bulk, by id and by name and address: its indexes are about to go. */
function registered(database: Writing['database']): Map<string, StoredRow> {
  const held = new Map<string, StoredRow>();
  const found = database.prepare<[], StoredRow>('SELECT * FROM devices ORDER BY id DESC');
  for (const row of found.iterate()) {
    held.set(row.id, row);
    held.set(`${row.name}\n${row.address}`, row);
  }
  return held;
}
