import { Worker } from 'node:worker_threads';
import { fromErrorValue, PushrodError } from '../../../shared/errors.ts';
import type { DeviceId, DevicePatch, RegistryStatus } from '../../../shared/model/index.ts';
import type { OnMigrating } from '../../data/index.ts';
import type { Devices } from '../devices.ts';
import { aloneLeases, type DeviceLeases, type Lease } from '../leases.ts';
import { createCalls } from './calls.ts';
import { createNotes } from './notes.ts';
import { createOutbox } from './outbox.ts';
import type { FromThread, RegistryPlace, ThreadData, ToThread } from './protocol.ts';

export interface RegistryConfig {
  place: RegistryPlace;
  /** Come back even while a shared registry cannot be reached: calls are refused until it can. */
  patient?: boolean;
  /** The thread's program. */
  entry: URL;
  /** The database is being brought to a newer schema, which may take a while. */
  onMigrating?: OnMigrating | undefined;
  /** A device, or what is known of the registry's connection, changed. */
  onChange(what: 'devices' | 'registry'): void;
}

/**
 * Opens the registry in a thread of its own.
 * @throws PushrodError `DATA_FOLDER_TOO_NEW`, `DATABASE_DAMAGED`, `REGISTRY_UNREACHABLE`
 */
export async function openRegistry({
  place,
  patient = false,
  entry,
  onChange,
  onMigrating,
}: RegistryConfig): Promise<Devices> {
  const worker = new Worker(entry, { workerData: { place, patient } satisfies ThreadData });
  const { say } = createOutbox<ToThread>((messages) => worker.postMessage(messages));
  const calls = createCalls(say);
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const lostLeases = new Map<string, AbortController>();
  let status: RegistryStatus = {
    kind: place.kind === 'local' ? 'local' : 'shared',
    place: nameOf(place),
    connected: true,
    message: null,
  };

  const receive = (message: FromThread) => {
    if (message.type === 'opened') return opened.resolve();
    if (message.type === 'refused') return opened.reject(fromErrorValue(message.error));
    if (message.type === 'migrating') return onMigrating?.(message.done, message.steps);
    if (message.type === 'changed') return onChange('devices');
    if (message.type === 'leaseLost') return lostLeases.get(message.leaseId)?.abort();
    if (message.type !== 'status') return calls.receive(message);
    status = { ...status, ...message.status };
    onChange('registry');
  };
  const stop = (reason: string) => {
    const error = new PushrodError('INTERNAL', `The registry's thread stopped: ${reason}.`);
    opened.reject(error);
    calls.fail(error);
    ended.resolve();
  };
  worker.on('message', (messages: FromThread[]) => messages.forEach(receive));
  worker.on('error', (thrown) => stop(thrown instanceof Error ? thrown.message : String(thrown)));
  worker.on('exit', (code) => stop(`exit code ${code}`));
  try {
    await opened.promise;
  } catch (thrown) {
    await worker.terminate();
    throw thrown;
  }

  const { call, stream } = calls;
  const get = (id: DeviceId) => call('get', id);
  const notes = createNotes((selection, changes) => call('change', { selection, changes }));
  const sharedLeases: DeviceLeases = {
    async acquire(id): Promise<Lease | { heldBy: string }> {
      const taken = await call('acquire', id);
      if ('heldBy' in taken) return taken;
      const lost = new AbortController();
      lostLeases.set(taken.leaseId, lost);
      return {
        lost: lost.signal,
        async release() {
          lostLeases.delete(taken.leaseId);
          await call('release', taken.leaseId);
        },
      };
    },
    heldElsewhere: () => call('heldElsewhere', undefined),
  };
  return {
    get,
    add: (device) => call('add', device),
    register: (devices) => call('register', devices),
    async update(id, changes: DevicePatch) {
      await call('change', { selection: { ids: [id] }, changes });
      return get(id);
    },
    change: (selection, changes, work) => call('change', { selection, changes }, work),
    remove: (selection, work) => call('remove', selection, work),
    restore: (removalId) => call('restore', removalId),
    list: (request) => call('list', request),
    facets: (filter) => call('facets', filter),
    async select(selection) {
      const found = [];
      for await (const batch of stream('read', selection)) found.push(...batch);
      return found;
    },
    import: (source, options, work) => call('import', { source, options }, work),
    export: (format, selection, work) => stream('export', { format, selection }, work),
    note: notes.note,
    // Where nobody else pushes, the thread need not be asked.
    leases: place.kind === 'local' ? aloneLeases : sharedLeases,
    claim: (key, owner) => call('claim', { key, owner }),
    status: () => status,
    async close() {
      await notes.close();
      say({ type: 'close' });
      await ended.promise;
    },
  };
}

/** Names a place without what must not be shown. */
function nameOf(place: RegistryPlace): string {
  if (place.kind === 'local') return place.file;
  if (place.kind === 'sealed') return 'a shared registry whose address cannot be read';
  const { protocol, username, hostname, port, pathname } = new URL(place.url);
  return `${protocol}//${username && `${username}@`}${hostname}:${port || 5432}${pathname}`;
}
