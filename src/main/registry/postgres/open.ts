import { randomUUID } from 'node:crypto';
import type { Claim } from '../claims.ts';
import type { DeviceLeases } from '../leases.ts';
import type { DeviceRegistry, RegistryContext } from '../registry.ts';
import { createClaim } from './claims.ts';
import { createConnections } from './connections.ts';
import { createLeases } from './leases.ts';
import { type ListenerEvents, startListener } from './listener.ts';
import { migrate } from './migrate.ts';
import { createPostgresRegistry } from './postgres-registry.ts';
import { createRemembered } from './remembered.ts';
import { parseTarget } from './target.ts';
import { createWriter } from './writer.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  url: string;
  /** How the other benches know this one. */
  benchName: string;
  context: RegistryContext;
  /** Told when the connection is lost and when it is back; once at first if something is amiss with the database. */
  onStatus(status: { connected: boolean; message?: string }): void;
  /** How long a lease outlives a bench that died; set in tests. */
  leaseMs?: number;
  /** How often a link that hangs is looked for; set in tests. */
  heartbeatMs?: number;
}

export interface PostgresRegistry {
  registry: DeviceRegistry;
  leases: DeviceLeases;
  claim: Claim;
  /** Releases the leases and ends all connections. */
  close(): Promise<void>;
}

/** Connections of one bench beside the one that listens; PostgreSQL lets in a hundred in all, as it is installed. */
const mostConnections = 8;
/** Leases are renewed on connections of their own, so that no long work makes them wait. */
const mostLeaseConnections = 2;

/**
 * Opens the registry that several benches share, and brings its schema up to date.
 * @throws PushrodError `REGISTRY_UNREACHABLE`, `DATA_FOLDER_TOO_NEW`, or `INVALID_INPUT` for a URL or database of no use
 */
export async function openPostgresRegistry(options: PostgresOptions): Promise<PostgresRegistry> {
  const { url, benchName, context, onStatus, leaseMs, heartbeatMs } = options;
  const target = parseTarget(url, benchName);
  const sender = randomUUID();
  const remembered = createRemembered();
  const connections = createConnections(target, mostConnections);
  const leaseConnections = createConnections(target, mostLeaseConnections);
  const closeConnections = () => Promise.all([connections.close(), leaseConnections.close()]);
  try {
    const notice = await migrate(connections, target);
    const events: ListenerEvents = {
      onNotification: (from) => from !== sender && context.onChange(),
      onLost: ({ message }) => onStatus({ connected: false, message }),
      onSilent() {
        connections.breakAll();
        leaseConnections.breakAll();
      },
      onBack() {
        // It may be another server by now, which names its states anew.
        remembered.forget();
        onStatus({ connected: true });
        context.onChange();
      },
    };
    const listener = await startListener(target, events, heartbeatMs);
    if (notice) onStatus({ connected: true, message: notice });
    const writer = createWriter(connections, sender, () => context.onChange());
    const held = createLeases(leaseConnections, benchName, leaseMs);
    let closed: Promise<void> | undefined;
    return {
      registry: createPostgresRegistry(connections, writer, remembered, context),
      leases: held.leases,
      claim: createClaim(connections, benchName),
      close() {
        closed ??= held
          .close()
          .then(listener.close)
          .then(closeConnections)
          .then(() => undefined);
        return closed;
      },
    };
  } catch (thrown) {
    await closeConnections();
    throw thrown;
  }
}
