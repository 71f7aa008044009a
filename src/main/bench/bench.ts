import { type DeviceId, newDevice, parseAddress, profile } from '../../shared/model/index.ts';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import type { CredentialStore } from '../credentials/index.ts';
import type { KnownHosts } from '../hosts/index.ts';
import type { ProfileStore } from '../profiles/index.ts';
import type { DeviceRegistry } from '../registry/index.ts';

/** A bench of simulated devices inside Pushrod, to try it without hardware. */
export interface Bench {
  /** Starts the bench, or finds it running, and registers its devices. Returns how many are new in the registry. */
  simulate(devices: number): Promise<number>;
  /** Starts the bench again if devices of it are still registered from an earlier start. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

interface BenchSources {
  registry: DeviceRegistry;
  profiles: ProfileStore;
  credentials: CredentialStore;
  hosts: KnownHosts;
}

/** Name of the profile and of the credential of simulated devices, and the mark in their metadata. */
const simulated = 'simulated';
const seed = 1;
/** Slow enough to see a push going on. */
const rateBytesPerSecond = 4 * 1024 * 1024;

export function createBench({ registry, profiles, credentials, hosts }: BenchSources): Bench {
  let running: Promise<Simulator> | undefined;

  const start = async (devices: number): Promise<Simulator> => {
    const simulator = await startSimulator({ devices, seed, rateBytesPerSecond });
    const { username, password } = simulator.credential;
    credentials.add({ name: simulated, username, secret: { kind: 'password', password } });
    profiles.set(
      simulated,
      profile.parse({
        credential: simulated,
        remotePath: '/firmware/{firmware.fileName}',
        activateCommand: 'activate {remotePath}',
      }),
    );
    return simulator;
  };
  const register = (simulator: Simulator): number => {
    let added = 0;
    registry.atomically(() => {
      for (const one of simulator.devices) {
        const id = `sim-${one.name}` as DeviceId;
        const device = newDevice.parse({
          ...one,
          id,
          status: 'unknown',
          profile: simulated,
          metadata: { bench: simulated },
        });
        const address = parseAddress(device.address);
        // The bench is new, so whatever listened on this port before was another host.
        if (typeof address !== 'string') hosts.forget(address.host, address.port ?? 22);
        if (registry.has(id)) {
          registry.update(id, { address: device.address });
        } else {
          registry.add(device);
          added += 1;
        }
      }
    });
    return added;
  };
  const simulate = async (devices: number): Promise<number> => {
    running ??= start(devices);
    try {
      return register(await running);
    } catch (thrown) {
      running = undefined;
      throw thrown;
    }
  };

  return {
    simulate,
    async wake() {
      if (running) return;
      const known = registry.list({
        filter: { tags: { bench: simulated } },
        sort: { field: 'name', descending: false },
        limit: 1,
        offset: 0,
      }).total;
      if (known > 0) await simulate(known);
    },
    async close() {
      await (await running)?.close();
    },
  };
}
