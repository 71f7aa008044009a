import { randomUUID } from 'node:crypto';
import { PushrodError } from '../../../shared/errors.ts';
import type { RegistryStatus } from '../../../shared/model/index.ts';
import { databaseFailure, openDatabase } from '../../data/index.ts';
import { aloneClaim, type Claim } from '../claims.ts';
import { aloneLeases, type DeviceLeases } from '../leases.ts';
import { openPostgresRegistry } from '../postgres/index.ts';
import type { DeviceRegistry } from '../registry.ts';
import { openReading } from '../sqlite/open-reading.ts';
import { registryMigrations } from '../sqlite/schema.ts';
import { createSqliteRegistry } from '../sqlite/sqlite-registry.ts';
import type { RegistryPlace } from './protocol.ts';

export interface OpenPlace {
  /** What a failure of the database means. */
  explain(thrown: unknown): unknown;
  registry: DeviceRegistry;
  leases: DeviceLeases;
  claim: Claim;
  close(): Promise<void>;
}

export interface PlaceEvents {
  onChange(): void;
  onMigrating(done: number, steps: number): void;
  onStatus(status: Pick<RegistryStatus, 'connected' | 'message'>): void;
}

/** Opens the registry at a place. @throws PushrodError `DATA_FOLDER_TOO_NEW`, `DATABASE_DAMAGED`, `REGISTRY_UNREACHABLE` */
export async function openPlace(
  place: RegistryPlace,
  { onChange, onMigrating, onStatus }: PlaceEvents,
): Promise<OpenPlace> {
  const context = { now: () => Date.now(), newId: () => randomUUID(), onChange };
  if (place.kind === 'sealed') {
    throw new PushrodError(
      'SECRET_UNREADABLE',
      'The address of the shared registry cannot be read: it was stored under another key or passphrase. Choose it again with "registry use", or "registry use local".',
    );
  }
  if (place.kind === 'shared') {
    const { url, benchName } = place;
    const opened = await openPostgresRegistry({
      ...{ url, benchName, context },
      onStatus: ({ connected, message = null }) => onStatus({ connected, message }),
    });
    return { ...opened, explain: (thrown) => thrown };
  }
  const write = openDatabase({ ...place, migrations: registryMigrations, pragmas, onMigrating });
  const read = openReading(place.file);
  const openRead = () => openReading(place.file);
  return {
    registry: createSqliteRegistry({ write, read, openRead }, context),
    leases: aloneLeases,
    claim: aloneClaim,
    explain: (thrown) => databaseFailure(thrown, place.file),
    async close() {
      read.close();
      write.close();
    },
  };
}

/** 128 MiB of cache, taken as it is needed: a large import builds its indexes in it. */
const pragmas = ['page_size = 8192', 'cache_size = -131072'];
