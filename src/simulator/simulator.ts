import { ed25519PrivateKey } from '../shared/openssh-key.ts';
import { type RunningDevice, startDevice } from './device.ts';
import { type Fault, type FaultShares, faultOf } from './faults.ts';
import { startHttpDevice } from './http-device.ts';
import { type DeviceIdentity, identityOf } from './identity.ts';
import { seededBytes } from './seeded.ts';

/** Of a `mixed` bench every second device takes firmware over HTTP. */
export type BenchTransport = 'ssh' | 'http' | 'mixed';

export interface SimulatorConfig {
  /** How many devices. */
  devices: number;
  /** The same seed gives the same names, models, places, versions and host keys. Ports are whatever is free. */
  seed?: number;
  transport?: BenchTransport;
  host?: string;
  /** How fast each device takes bytes; as fast as it goes when left out. */
  rateBytesPerSecond?: number;
  /** Which share of the devices has which fault; none when left out. */
  faults?: FaultShares;
}

export interface SimulatedDevice extends DeviceIdentity {
  transport: 'ssh' | 'http';
  /** `host:port` */
  address: string;
  /** What is wrong with it; `null` for nothing. */
  fault: Fault | null;
}

/** A bench of virtual devices that listens until it is closed. */
export interface Simulator {
  devices: SimulatedDevice[];
  /** The login of every SSH device. */
  credential: { username: string; password: string };
  /** The folder of this laptop that is a device's file system. */
  rootOf(name: string): string;
  /** How often something has connected to a device. */
  connectionsOf(name: string): number;
  close(): Promise<void>;
}

type BenchDevice = Pick<RunningDevice, 'root' | 'connections' | 'close'>;

/** Starts a bench in this process, each device with a temporary folder as its file system. */
export async function startSimulator(config: SimulatorConfig): Promise<Simulator> {
  const { seed = 1, transport = 'ssh', host = '127.0.0.1', rateBytesPerSecond = Number.POSITIVE_INFINITY } = config;
  const credential = {
    username: 'technician',
    password: seededBytes(seed, 'password').toString('base64url').slice(0, 16),
  };
  const running = new Map<string, BenchDevice>();
  const close = async () => {
    await Promise.all([...running.values()].map((device) => device.close()));
  };
  const devices: SimulatedDevice[] = [];
  try {
    for (let index = 0; index < config.devices; index += 1) {
      const identity = identityOf(seed, index);
      const { firmwareVersion } = identity;
      const fault = faultOf(config.faults ?? {}, seed, index);
      const isHttp = transport === 'http' || (transport === 'mixed' && index % 2 === 1);
      const hostKey = () => ed25519PrivateKey(seededBytes(seed, index, 'host key'));
      const device = isHttp
        ? await startHttpDevice({ host, rateBytesPerSecond, firmwareVersion, fault })
        : await startDevice({ host, hostKey: hostKey(), rateBytesPerSecond, firmwareVersion, fault, ...credential });
      running.set(identity.name, device);
      devices.push({
        ...identity,
        transport: isHttp ? 'http' : 'ssh',
        fault: fault ?? null,
        address: `${host.includes(':') ? `[${host}]` : host}:${device.port}`,
      });
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const deviceCalled = (name: string): BenchDevice => {
    const device = running.get(name);
    if (!device) throw new Error(`The bench has no device named "${name}".`);
    return device;
  };
  return {
    devices,
    credential,
    rootOf: (name) => deviceCalled(name).root,
    connectionsOf: (name) => deviceCalled(name).connections(),
    close,
  };
}
