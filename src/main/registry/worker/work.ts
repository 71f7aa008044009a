import { randomUUID } from 'node:crypto';
import { type ErrorDetail, PushrodError } from '../../../shared/errors.ts';
import type {
  Device,
  DeviceFilter,
  DeviceId,
  DevicePageRequest,
  DevicePatch,
  DeviceSelection,
  ImportOptions,
  ImportResult,
  ListFormat,
  NewDevice,
  RemovalId,
} from '../../../shared/model/index.ts';
import type { Claim } from '../claims.ts';
import type { ListSource } from '../devices.ts';
import type { DeviceLeases, Lease } from '../leases.ts';
import { readList, writeCsv, writeJson } from '../lists/index.ts';
import type { DeviceRegistry, PutRow } from '../registry.ts';
import { guessFormat, readListFile } from './list-source.ts';
import type { OpenPlace } from './open-place.ts';

/** What a call has besides its input. */
export interface CallContext {
  signal: AbortSignal;
  onProgress(devices: number): void;
}

/** Everything the main thread can ask of the registry's thread. */
export interface RegistryWork {
  add(device: NewDevice): Promise<Device>;
  register(devices: NewDevice[]): Promise<number>;
  get(id: DeviceId): Promise<Device>;
  list(request: DevicePageRequest): ReturnType<DeviceRegistry['list']>;
  facets(filter: DeviceFilter): ReturnType<DeviceRegistry['facets']>;
  change(input: { selection: DeviceSelection; changes: DevicePatch }, context: CallContext): Promise<number>;
  remove(selection: DeviceSelection, context: CallContext): ReturnType<DeviceRegistry['remove']>;
  restore(removalId: RemovalId): Promise<number>;
  import(input: { source: ListSource; options: ImportOptions }, context: CallContext): Promise<ImportResult>;
  read(selection: DeviceSelection, context: CallContext): AsyncIterable<Device[]>;
  export(
    input: { format: Extract<ListFormat, 'csv' | 'json'>; selection: DeviceSelection },
    context: CallContext,
  ): AsyncIterable<string>;
  acquire(id: DeviceId): Promise<{ leaseId: string } | { heldBy: string }>;
  release(leaseId: string): Promise<void>;
  heldElsewhere(input: undefined): ReturnType<DeviceLeases['heldElsewhere']>;
  claim(input: { key: string; owner: string }): ReturnType<Claim>;
}

export function createRegistryWork(
  { registry, leases, claim }: Pick<OpenPlace, 'registry' | 'leases' | 'claim'>,
  onLeaseLost: (leaseId: string) => void,
): RegistryWork {
  const held = new Map<string, Lease>();

  return {
    async add(device) {
      const idIfNew = randomUUID() as DeviceId;
      const { faults } = await registry.put([[{ device, given: {}, idIfNew }]], { onConflict: 'fail' });
      if (faults.length > 0) throw conflict(faults);
      return registry.get(device.id ?? idIfNew);
    },
    async register(devices) {
      const rows = devices.map((device): PutRow => {
        const { id: _, ...given } = device;
        return { device, given };
      });
      return (await registry.put([rows], { onConflict: 'update' })).added;
    },
    get: (id) => registry.get(id),
    list: (request) => registry.list(request),
    facets: (filter) => registry.facets(filter),
    change: ({ selection, changes }, { signal }) => registry.change(selection, changes, signal),
    remove: (selection, { signal }) => registry.remove(selection, signal),
    restore: (removalId) => registry.restore(removalId),
    async import({ source, options }, context) {
      const { onConflict, dryRun } = options;
      // Only CSV has columns.
      const format = options.format ?? (options.columns ? 'csv' : await guessFormat(source));
      const text = 'content' in source ? source.content : readListFile(source.path, context.signal);
      const addedIds: DeviceId[] = [];
      const mayBeUndone = !dryRun && onConflict === 'fail';
      const list = readList(text, format, options);
      const rows = mayBeUndone ? named(list, addedIds) : list;
      const { faults, ...counts } = await registry.put(rows, { onConflict, dryRun, ...context });
      if (faults.length > 0)
        throw new PushrodError('INVALID_INPUT', 'The list has faults; nothing was imported.', faults);
      return mayBeUndone && addedIds.length <= maxAddedIds ? { ...counts, addedIds } : counts;
    },
    read: (selection, { signal }) => registry.read(selection, signal),
    export({ format, selection }, { signal, onProgress }) {
      const batches = counted(registry.read(selection, signal), onProgress);
      return format === 'csv' ? writeCsv(batches) : writeJson(batches);
    },
    async acquire(id) {
      const lease = await leases.acquire(id);
      if ('heldBy' in lease) return lease;
      const leaseId = randomUUID();
      held.set(leaseId, lease);
      lease.lost.addEventListener('abort', () => onLeaseLost(leaseId));
      return { leaseId };
    },
    heldElsewhere: () => leases.heldElsewhere(),
    async release(leaseId) {
      await held.get(leaseId)?.release();
      held.delete(leaseId);
    },
    claim: ({ key, owner }) => claim(key, owner),
  };
}

/** Of an import that is larger, the ids are not told. */
const maxAddedIds = 10_000;

/** Gives each device that would be new an id beforehand, and gathers the first of these ids. */
async function* named(batches: AsyncIterable<PutRow[]>, ids: DeviceId[]): AsyncGenerator<PutRow[]> {
  for await (const batch of batches) {
    yield batch.map((row) => {
      if ('faults' in row || ids.length > maxAddedIds) return row;
      const id = row.device.id ?? (randomUUID() as DeviceId);
      ids.push(id);
      return { ...row, idIfNew: id };
    });
  }
}

function conflict(faults: ErrorDetail[]): PushrodError {
  const said = faults.map(({ message }) => message).join('; ');
  return new PushrodError('CONFLICT', `The device was not added: ${said}.`, faults);
}

async function* counted(batches: AsyncIterable<Device[]>, onProgress: (devices: number) => void) {
  let done = 0;
  for await (const batch of batches) {
    yield batch;
    done += batch.length;
    onProgress(done);
  }
}
