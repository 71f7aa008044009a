import { type Firmware, newDevice, parseAddress, profile } from '../../shared/model/index.ts';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import type { CredentialStore } from '../credentials/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { KnownHosts } from '../hosts/index.ts';
import type { ProfileStore } from '../profiles/index.ts';
import type { Devices } from '../registry/index.ts';
import { addSampleFirmware } from './sample-firmware.ts';

/** A bench of simulated devices inside Pushrod, to try it without hardware. */
export interface Bench {
  /** Starts the bench, or finds it running, and registers its devices. Returns how many are new in the registry. */
  simulate(devices: number): Promise<number>;
  /** Starts the bench again if devices of it are still registered from an earlier start. */
  wake(): Promise<void>;
  /** Puts a firmware for its devices into the library, or finds it there. */
  addSampleFirmware(): Promise<Firmware>;
  close(): Promise<void>;
}

interface BenchSources {
  devices: Devices;
  profiles: ProfileStore;
  credentials: CredentialStore;
  hosts: KnownHosts;
  firmware: FirmwareStore;
}

/** Name of the profile and of the credential of simulated devices, and the mark in their metadata. */
const simulated = 'simulated';
const seed = 1;
/** Slow enough to see a push going on. */
const rateBytesPerSecond = 4 * 1024 * 1024;

export function createBench({ devices, profiles, credentials, hosts, firmware }: BenchSources): Bench {
  let running: Promise<Simulator> | undefined;

  const start = async (count: number): Promise<Simulator> => {
    const simulator = await startSimulator({ devices: count, seed, rateBytesPerSecond });
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
  const register = (simulator: Simulator): Promise<number> => {
    const found = simulator.devices.map(({ name, address, model, location, firmwareVersion }) =>
      newDevice.parse({
        ...{ id: `sim-${name}`, name, address, model, location, firmwareVersion },
        ...{ profile: simulated, metadata: { bench: simulated } },
      }),
    );
    for (const { address } of found) {
      const at = parseAddress(address);
      // The bench is new, so whatever listened on this port before was another host.
      if (typeof at !== 'string') hosts.forget(at.host, at.port ?? 22);
    }
    return devices.register(found);
  };
  const simulate = async (count: number): Promise<number> => {
    running ??= start(count);
    try {
      return await register(await running);
    } catch (thrown) {
      running = undefined;
      throw thrown;
    }
  };

  return {
    simulate,
    async wake() {
      if (running) return;
      const known = (await devices.facets({ tags: { bench: simulated } })).total;
      if (known > 0) await simulate(known);
    },
    addSampleFirmware: () => addSampleFirmware(firmware),
    async close() {
      await (await running)?.close();
    },
  };
}
