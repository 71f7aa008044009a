import type { CheckedDevice, Device, DeviceSelection, DevicesChecked } from '../../shared/model/index.ts';
import type { Clock, Database } from '../data/index.ts';
import type { Devices, LongWork } from '../registry/index.ts';
import { createGate, type GateLimits } from './gate.ts';
import { isReachedDirectly, type LookSources, look, type Seen } from './look.ts';
import { createRounds, type Rounds } from './rounds.ts';

/** Which devices are there. What is seen of a device is noted in the registry. */
export interface Presence {
  /** Whether a device can be reached now. Rejects with the reason of `signal` when that aborts. */
  isReachable(device: Device, signal: AbortSignal): Promise<boolean>;
  /**
   * Looks for each device of a selection, and asks it for its version where its profile says how.
   * @throws PushrodError `DEVICE_NOT_FOUND`; `CANCELLED`, when what was seen until then stays noted
   */
  check(selection: DeviceSelection, work?: LongWork): Promise<DevicesChecked>;
  /** Looks for all devices again and again, without a login: those behind jump hosts are left out. Off until it is set. */
  rounds: Pick<Rounds, 'get' | 'set'>;
  close(): Promise<void>;
}

export interface PresenceSources extends LookSources {
  devices: Devices;
  database: Database;
  clock: Clock;
  limits?: GateLimits;
}

/** So gentle that neither a small switch nor the connection tracking of a router minds. */
const gently: GateLimits = { mostAtOnce: 16, mostPerSecond: 50 };

export function createPresence({ devices, database, clock, limits = gently, ...sources }: PresenceSources): Presence {
  const gate = createGate(limits);

  const note = (device: Device, seen: Seen): CheckedDevice => {
    const { id, name, address, lastSeen, firmwareVersion } = device;
    const learned = {
      status: seen.status,
      ...(seen.status === 'online' && { lastSeen: new Date(clock.now()).toISOString() }),
      ...(seen.version !== undefined && { firmwareVersion: seen.version }),
    };
    devices.note(id, learned);
    const why = seen.error && { errorCode: seen.error.code, message: seen.error.message };
    return { id, name, address, lastSeen, firmwareVersion, ...learned, ...why };
  };
  const see = async (device: Device, wanted: 'presence' | 'version', signal: AbortSignal) =>
    note(device, await look(sources, device, wanted, signal));
  const seeAll = (found: Device[], wanted: 'presence' | 'version', { signal = neverAborted, onProgress }: LongWork) => {
    let done = 0;
    return gate.passAll(found, signal, async (device) => {
      const checked = await see(device, wanted, signal);
      onProgress?.(++done);
      return checked;
    });
  };
  const rounds = createRounds(database, async (signal) => {
    const found = await devices.select({ all: true });
    await seeAll(
      found.filter((device) => isReachedDirectly(device, sources.profiles)),
      'presence',
      { signal },
    );
  });

  return {
    async isReachable(device, signal) {
      const { status } = await gate.pass(signal, () => see(device, 'presence', signal));
      return status === 'online';
    },
    async check(selection, work = {}) {
      const checked = await seeAll(await devices.select(selection), 'version', work);
      const count = (wanted: Device['status']) => checked.filter(({ status }) => status === wanted).length;
      return { devices: checked, online: count('online'), offline: count('offline') };
    },
    rounds,
    close: rounds.close,
  };
}

const neverAborted = new AbortController().signal;
