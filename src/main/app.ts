import { createRouterClient } from '@orpc/server';
import type { PushrodClient, Topic } from '../shared/contract/index.ts';
import type { Firmware, FirmwareInfo, HostKey } from '../shared/model/index.ts';
import { createAudit } from './audit/index.ts';
import { firmwareAdded } from './audited-calls.ts';
import { createBench } from './bench/index.ts';
import { createCredentialStore, createSecretBox } from './credentials/index.ts';
import { type Clock, type DataFolder, type OnMigrating, openDataFolder, systemClock } from './data/index.ts';
import { createWorkerDelivery } from './delivery/index.ts';
import { createDiscovery } from './discovery/index.ts';
import { actorAt, type Door } from './door.ts';
import { createFeed } from './feed/index.ts';
import { createFirmwareStore, createSigners } from './firmware/index.ts';
import { createKnownHosts } from './hosts/index.ts';
import { createPresence } from './presence/index.ts';
import { createProfileStore } from './profiles/index.ts';
import { createRegistryChoice, openRegistry, type RegistryPlace } from './registry/index.ts';
import { createReports } from './reports/index.ts';
import { type AppRouter, createRouter } from './router.ts';
import { createSchedules } from './schedules/index.ts';
import { createSites } from './sites/index.ts';
import { createSlots } from './slots/index.ts';
import { createTasks } from './tasks/index.ts';
import { createUpdates } from './updates/index.ts';

export interface AppConfig {
  /** The data folder: database, firmware store, known hosts. Made if missing; locked while the app is open. */
  dataDir: string;
  /** The programs of the threads, where they do not lie beside this one. */
  threads?: Threads | undefined;
  /** Keeps the devices in this shared database instead of where they are kept by choice (`postgres://…`). */
  registry?: string | undefined;
  /** Open even while the shared registry cannot be reached; calls for devices are refused until it can. */
  withoutRegistry?: boolean;
  /** Seals stored secrets instead of a key file; the environment's `PUSHROD_PASSPHRASE` when left out. */
  passphrase?: string | undefined;
  clock?: Clock;
  /** Told while the databases are brought to a newer schema. To end it early, end the process: nothing is changed then. */
  onMigrating?: OnMigrating | undefined;
  /** Gives [0, 1), for the jitter of retries. */
  random?: () => number;
}

/** The programs of the threads that do the work. */
export interface Threads {
  /** Transfers to devices. */
  delivery: URL;
  registry: URL;
}

/** The open core. It is the only place where parts meet. */
export interface App {
  /** For the oRPC handlers of the doors; its context is `{ door }`. */
  router: AppRouter;
  /** The same calls in process. */
  client(door: Door): PushrodClient;
  /** Takes the bytes of a firmware file as they come in. Throws `INVALID_INPUT`. */
  addFirmware(bytes: AsyncIterable<Uint8Array>, info: FirmwareInfo, door: Door): Promise<Firmware>;
  /** Takes up what is scheduled, and what was interrupted where that is set: for a Pushrod that stays open. */
  carryOn(): void;
  /** The laptop was asleep: what was due meanwhile is looked at now. */
  onWake(): void;
  /** Stops pushes (their devices are `interrupted`), closes the database, gives the lock back. */
  close(): Promise<void>;
}

const isSource = import.meta.url.endsWith('.ts');
const threadsBeside: Threads = isSource
  ? {
      delivery: new URL('./delivery/worker/thread.ts', import.meta.url),
      registry: new URL('./registry/worker/thread.ts', import.meta.url),
    }
  : { delivery: new URL('./delivery.js', import.meta.url), registry: new URL('./registry.js', import.meta.url) };

/**
 * Opens the core on a data folder.
 * @throws PushrodError `DATA_FOLDER_IN_USE`, `DATA_FOLDER_TOO_NEW`, `DATABASE_DAMAGED`, `REGISTRY_UNREACHABLE`
 */
export async function createApp(config: AppConfig): Promise<App> {
  const { clock = systemClock, random = Math.random, threads = threadsBeside } = config;
  const folder = openDataFolder(config.dataDir, clock, config.onMigrating);
  try {
    return await openCore(folder, { ...config, clock, random, threads });
  } catch (thrown) {
    folder.close();
    throw thrown;
  }
}

type OpenConfig = AppConfig & Required<Pick<AppConfig, 'clock' | 'random'>> & { threads: Threads };

async function openCore(folder: DataFolder, { clock, random, threads, ...config }: OpenConfig): Promise<App> {
  const { database } = folder;
  const { passphrase = process.env.PUSHROD_PASSPHRASE } = config;
  const topics = createFeed<Topic>();
  const box = createSecretBox(folder.secretKeyFile, passphrase);
  const entry = threads.registry;
  const tryOut = async (place: RegistryPlace) => (await openRegistry({ place, entry, onChange: () => {} })).close();
  const registryChoice = createRegistryChoice(folder, box, tryOut);
  const place = registryChoice.place(config.registry);
  const patient = config.withoutRegistry && place.kind !== 'local';
  const { onMigrating } = config;
  const devices = await openRegistry({ place, patient, entry, onMigrating, onChange: (what) => topics.mark(what) });
  const audit = createAudit(database, clock);
  const onFirmware = () => topics.mark('firmware');
  const signers = createSigners(database, onFirmware);
  const firmware = createFirmwareStore(database, folder.firmwareDir, clock, signers, onFirmware);
  const onProfiles = () => topics.mark('profiles');
  const profiles = createProfileStore(database, onProfiles);
  const credentials = createCredentialStore(database, box, clock, onProfiles);
  const accepting = ({ host, fingerprint }: HostKey) =>
    audit.record((append) =>
      append({ actor: 'pushrod', subject: 'host', subjectId: host, action: 'accepted', detail: fingerprint }),
    );
  const hosts = createKnownHosts(folder.knownHostsFile, accepting);
  const certificates = createKnownHosts(folder.knownCertificatesFile, accepting);
  const delivery = createWorkerDelivery(threads.delivery);
  const presence = createPresence({
    ...{ devices, profiles, credentials, hosts, certificates, delivery },
    ...{ database, clock },
  });
  const look = () => {
    updates.look();
    schedules.look();
  };
  const sites = createSites(database, () => {
    look();
    topics.mark('schedules');
  });
  const onChange = () => topics.mark('updates');
  const updates = await createUpdates({
    ...{ devices, firmware, profiles, credentials, hosts, certificates, delivery, sites },
    ...{ database, audit, clock, random, onChange },
    isReachable: async (id, signal) => presence.isReachable(await devices.get(id), signal),
  });
  const schedules = createSchedules({
    ...{ devices, firmware, updates, sites, database, clock },
    onChange: () => topics.mark('schedules'),
  });
  const reports = createReports({ updates, audit, clock });
  const discovery = createDiscovery({ devices, profiles, hosts });
  const slots = createSlots({
    ...{ devices, firmware, profiles, credentials, hosts, certificates, delivery },
    ...{ database, audit, updates },
  });
  const bench = createBench({ devices, profiles, credentials, hosts, firmware });
  const tasks = createTasks();
  const parts = {
    audit,
    devices,
    registryChoice,
    firmware,
    signers,
    profiles,
    credentials,
    hosts,
    certificates,
    updates,
    reports,
    presence,
    discovery,
    slots,
    schedules,
    sites,
  };
  const router = createRouter({ ...parts, bench, tasks, topics });

  return {
    router,
    client: (door) => createRouterClient(router, { context: { door } }),
    async addFirmware(bytes, info, door) {
      const added = await firmware.add(bytes, info);
      audit.record((append) => append({ ...firmwareAdded(added), actor: actorAt(door) }));
      return added;
    },
    carryOn() {
      updates.carryOn();
      schedules.carryOn();
    },
    onWake: look,
    async close() {
      tasks.end();
      await schedules.close();
      await presence.close();
      await slots.close();
      await updates.close();
      await delivery.close();
      await bench.close();
      await devices.close();
      topics.end();
      folder.close();
    },
  };
}
