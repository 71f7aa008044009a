import type { Device, DeviceId, DevicePatch, NewDevice } from '../../../shared/model/index.ts';
import { textKey } from '../../../shared/model/text-key.ts';
import { patched } from '../patched.ts';
import type { PutOptions, PutResult, PutRow, RegistryContext } from '../registry.ts';
import { alreadyRegistered, createRepeats } from '../repeats.ts';
import type { Session } from './connections.ts';
import { batchSize, insertDevices, prepareDevices, type ReadRow, selectRows, toDevice, updateDevices } from './rows.ts';

/** Where a put reads and writes. */
export interface PutSessions {
  /** The registry as it is, in the transaction that is kept or not. */
  now: Session;
  /** The registry as it was before the put: what counts as registered. */
  before: Session;
}

/** Above so many new devices the planner's statistics are brought up to date at once. */
const manyDevices = 5_000;

/** Takes rows in as they come; the caller keeps the transaction only if there is no fault. */
export async function putRows(
  { now, before }: PutSessions,
  batches: AsyncIterable<PutRow[]> | Iterable<PutRow[]>,
  { onConflict, dryRun = false, onProgress }: PutOptions,
  context: RegistryContext,
): Promise<PutResult> {
  const at = new Date(context.now()).toISOString();
  const result: PutResult = { added: 0, updated: 0, skipped: 0, faults: [] };
  const repeats = createRepeats();
  let taken = 0;
  let writing: Promise<void> = Promise.resolve();

  const take = async (rows: PutRow[]) => {
    const find = await findRegistered(
      before,
      rows.flatMap((row) => ('device' in row ? row.device : [])),
    );
    const added: Device[] = [];
    const updates: Update[] = [];
    for (const row of rows) {
      if ('faults' in row) {
        result.faults.push(...row.faults);
        continue;
      }
      const { device, given, line, idIfNew } = row;
      const id = find(device);
      const again = repeats.check(device, line) ?? (id && repeats.checkFound(device, id, line));
      if (again) {
        result.faults.push(again);
      } else if (id === undefined) {
        const newId = device.id ?? idIfNew ?? (context.newId() as DeviceId);
        added.push({ ...device, id: newId, createdAt: at, updatedAt: at });
      } else if (onConflict === 'fail') {
        result.faults.push(alreadyRegistered(device, id, line));
      } else if (onConflict === 'skip') {
        result.skipped += 1;
      } else {
        updates.push({ id, given });
      }
    }
    result.added += added.length;
    result.updated += updates.length;
    if (!dryRun && result.faults.length === 0) {
      const prepared = prepareDevices(added);
      await writing;
      if (added.length > 0) writing = insertDevices(now, prepared);
      // It is waited for, and its failure met, with the next batch.
      writing.catch(() => undefined);
      if (updates.length > 0) await writing.then(() => update(now, updates, at));
    }
    taken += rows.length;
    onProgress?.(taken);
  };

  for await (const rows of inBatches(batches)) await take(rows);
  await writing;
  if (result.faults.length > 0) return { added: 0, updated: 0, skipped: 0, faults: result.faults };
  if (!dryRun && result.added > manyDevices) await now.exec('ANALYZE pushrod.devices');
  return result;
}

/** Batches of {@link batchSize}, however the source cuts its own. */
async function* inBatches(source: AsyncIterable<PutRow[]> | Iterable<PutRow[]>): AsyncIterable<PutRow[]> {
  let waiting: PutRow[] = [];
  for await (const rows of source) {
    waiting = waiting.length === 0 ? rows : [...waiting, ...rows];
    while (waiting.length >= batchSize) {
      yield waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
    }
  }
  if (waiting.length > 0) yield waiting;
}

/** Looks up which devices are registered: by id, or without one by name and address (the least id of several). */
async function findRegistered(
  session: Session,
  devices: readonly NewDevice[],
): Promise<(device: NewDevice) => DeviceId | undefined> {
  const found = new Map<string, DeviceId>();
  const keyOf = (name: string, address: string) => `${name}\n${address}`;
  const ids = devices.flatMap(({ id }) => id ?? []);
  if (ids.length > 0) {
    const rows = await session.query<{ id: DeviceId }>('SELECT id FROM pushrod.devices WHERE id = ANY($1::text[])', [
      ids,
    ]);
    for (const { id } of rows) found.set(id, id);
  }
  const nameless = devices.filter(({ id }) => id === undefined);
  if (nameless.length > 0) {
    const rows = await session.query<{ id: DeviceId; name: string; address: string }>(
      `SELECT min(devices.id) AS id, name, address
       FROM unnest($1::text[], $2::text[], $3::text[]) AS given (name_key, name, address)
       JOIN pushrod.devices USING (name_key, name, address) GROUP BY name, address`,
      [
        nameless.map(({ name }) => textKey(name)),
        nameless.map(({ name }) => name),
        nameless.map(({ address }) => address),
      ],
    );
    for (const { id, name, address } of rows) found.set(keyOf(name, address), id);
  }
  return ({ id, name, address }) => found.get(id ?? keyOf(name, address));
}

interface Update {
  id: DeviceId;
  given: DevicePatch;
}

async function update(session: Session, updates: readonly Update[], at: string): Promise<void> {
  const ids = updates.map(({ id }) => id);
  const rows = await session.query<ReadRow>(`${selectRows} WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`, [ids]);
  const devices = new Map(rows.map((row) => [row.id, toDevice(row)]));
  for (const { id, given } of updates) {
    const device = devices.get(id);
    if (device) devices.set(id, patched(device, given, at));
  }
  await updateDevices(session, [...devices.values()]);
}
