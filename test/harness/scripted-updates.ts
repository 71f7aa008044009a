import { createAudit } from '../../src/main/audit/index.ts';
import { createCredentialStore, createSecretBox } from '../../src/main/credentials/index.ts';
import { type Clock, openDataFolder, systemClock } from '../../src/main/data/index.ts';
import type { Delivery, DeliveryJob, DeliveryObserver, RolledBack } from '../../src/main/delivery/index.ts';
import { createFirmwareStore, createSigners } from '../../src/main/firmware/index.ts';
import { createKnownHosts } from '../../src/main/hosts/index.ts';
import { createProfileStore } from '../../src/main/profiles/index.ts';
import { openRegistry, type RegistryPlace } from '../../src/main/registry/index.ts';
import { createSites } from '../../src/main/sites/index.ts';
import { createUpdates } from '../../src/main/updates/index.ts';
import { PushrodError } from '../../src/shared/errors.ts';
import { firmwareInfo } from '../../src/shared/model/index.ts';

/** What a device does, in place of a device: the tests of delivery have real ones. */
export type Script = (job: DeliveryJob, observer: DeliveryObserver, signal: AbortSignal) => Promise<unknown>;

export const steps = ['connecting', 'preflight', 'transferring', 'verifying'] as const;

export const succeed: Script = async (job, observer) => {
  for (const step of steps) await observer.entering(step, { method: 'sftp', resumedFrom: 0, unchangedBytes: 0 });
  observer.progress(job.files.reduce((sum, { firmware }) => sum + firmware.sizeBytes, 0));
  const activates = job.transport === 'ssh' && !job.stageOnly && job.files[0]?.activateCommand !== undefined;
  if (activates) await observer.entering('activating');
};

export const failWith =
  (code: ConstructorParameters<typeof PushrodError>[0]): Script =>
  async (_job, observer) => {
    await observer.entering('connecting');
    throw new PushrodError(code, `scripted ${code}`);
  };

/** Sends half, then waits until it is stopped. */
export const hang =
  (at: (typeof steps)[number] | 'activating', reached: () => void): Script =>
  async (_job, observer, signal) => {
    for (const step of [...steps, 'activating' as const]) {
      await observer.entering(step);
      if (step === at) break;
    }
    observer.progress(3);
    reached();
    await new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new PushrodError('CANCELLED', 'stopped'))),
    );
  };

const registryThread = new URL('../../src/main/registry/worker/thread.ts', import.meta.url);

interface Scripted {
  script: Script;
  isReachable?: (id: string) => boolean;
  /** Where the devices are; in the data folder when left out. */
  place?: RegistryPlace;
  clock?: Clock;
}

/** The updates part on a real data folder, in front of devices that do what a script says. */
export async function openScripted(
  dataDir: string,
  { script, isReachable = () => true, clock = systemClock, ...given }: Scripted,
) {
  const folder = openDataFolder(dataDir);
  const { database } = folder;
  const { place = { kind: 'local', file: folder.registryFile, backupDir: folder.backupDir } } = given;
  const devices = await openRegistry({ place, entry: registryThread, onChange: () => undefined });
  const profiles = createProfileStore(database);
  const credentials = createCredentialStore(database, createSecretBox(folder.secretKeyFile, undefined), systemClock);
  credentials.add({ name: 'bench', username: 'root', secret: { kind: 'password', password: 'x' } });
  const store = createFirmwareStore(
    database,
    folder.firmwareDir,
    systemClock,
    createSigners(database, () => undefined),
    () => undefined,
  );
  async function* bytes() {
    yield Buffer.from('firmware');
  }
  const firmware = await store.add(bytes(), firmwareInfo.parse({ fileName: 'fw.bin', version: '2.0' }));
  const delivery: Pick<Delivery, 'deliver'> = {
    deliver: async (...call) => (await script(...call)) as RolledBack | undefined,
  };
  const audit = createAudit(database, clock);
  const sites = createSites(database, () => undefined);
  const updates = await createUpdates({
    sites,
    ...{ devices, profiles, credentials, database, delivery, clock },
    audit,
    firmware: store,
    hosts: createKnownHosts(folder.knownHostsFile),
    certificates: createKnownHosts(folder.knownCertificatesFile),
    random: () => 0,
    async isReachable(id) {
      const is = isReachable(id);
      await devices.get(id);
      return is;
    },
    onChange: () => undefined,
  });
  const close = async () => {
    await updates.close();
    await devices.close();
    folder.close();
  };
  return { folder, audit, sites, devices, profiles, store, firmware, updates, close };
}
