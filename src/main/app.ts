import { createRouterClient } from '@orpc/server';
import type { PushrodClient, Topic } from '../shared/contract/index.ts';
import type { Firmware, FirmwareInfo } from '../shared/model/index.ts';
import { createBench } from './bench/index.ts';
import { createCredentialStore, createSecretBox } from './credentials/index.ts';
import { type Clock, openDataFolder, systemClock } from './data/index.ts';
import { createWorkerDelivery } from './delivery/index.ts';
import type { Door } from './door.ts';
import { createFeed } from './feed/index.ts';
import { createFirmwareStore } from './firmware/index.ts';
import { createKnownHosts } from './hosts/index.ts';
import { createProfileStore } from './profiles/index.ts';
import { createSqliteRegistry } from './registry/index.ts';
import { type AppRouter, createRouter } from './router.ts';
import { createUpdates } from './updates/index.ts';

export interface AppConfig {
  /** The data folder: database, firmware store, known hosts. Made if missing; locked while the app is open. */
  dataDir: string;
  /** The transfer worker's program, where it does not lie beside this one. */
  workerEntry?: URL;
  /** Seals stored secrets instead of a key file; the environment's `PUSHROD_PASSPHRASE` when left out. */
  passphrase?: string | undefined;
  clock?: Clock;
  /** Gives [0, 1), for the jitter of retries. */
  random?: () => number;
}

/** The open core. It is the only place where parts meet. */
export interface App {
  /** For the oRPC handlers of the doors; its context is `{ door }`. */
  router: AppRouter;
  /** The same calls in process. */
  client(door: Door): PushrodClient;
  /** Takes the bytes of a firmware file as they come in. Throws `INVALID_INPUT`. */
  addFirmware(bytes: AsyncIterable<Uint8Array>, info: FirmwareInfo): Promise<Firmware>;
  /** Stops pushes (their devices are `interrupted`), closes the database, gives the lock back. */
  close(): Promise<void>;
}

const isSource = import.meta.url.endsWith('.ts');
const defaultWorkerEntry = new URL(isSource ? './delivery/worker/thread.ts' : './worker.js', import.meta.url);

/** Opens the core on a data folder. Throws `DATA_FOLDER_IN_USE` or `DATA_FOLDER_TOO_NEW`. */
export async function createApp(config: AppConfig): Promise<App> {
  const { clock = systemClock, random = Math.random, passphrase = process.env.PUSHROD_PASSPHRASE } = config;
  const folder = openDataFolder(config.dataDir);
  const { database } = folder;
  const topics = createFeed<Topic>();
  const registry = createSqliteRegistry(database, clock, () => topics.mark('devices'));
  const firmware = createFirmwareStore(database, folder.firmwareDir, clock, () => topics.mark('firmware'));
  const profiles = createProfileStore(database);
  const credentials = createCredentialStore(database, createSecretBox(folder.secretKeyFile, passphrase), clock);
  const hosts = createKnownHosts(folder.knownHostsFile);
  const delivery = createWorkerDelivery(config.workerEntry ?? defaultWorkerEntry);
  const onChange = () => topics.mark('updates');
  const updates = await createUpdates({
    ...{ registry, firmware, profiles, credentials, hosts, delivery },
    ...{ database, clock, random, onChange },
  });
  const bench = createBench({ registry, profiles, credentials, hosts });
  const router = createRouter({ registry, firmware, profiles, credentials, hosts, updates, bench, topics });

  return {
    router,
    client: (door) => createRouterClient(router, { context: { door } }),
    addFirmware: (bytes, info) => firmware.add(bytes, info),
    async close() {
      await updates.close();
      await delivery.close();
      await bench.close();
      topics.end();
      folder.close();
    },
  };
}
