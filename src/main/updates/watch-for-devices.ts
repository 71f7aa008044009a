import { setTimeout as pause } from 'node:timers/promises';
import { PushrodError, toPushrodError } from '../../shared/errors.ts';
import type { DeviceId, DeviceUpdate } from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import type { Patience } from './patience.ts';

/** How long after a round over all devices that are waited for the next one begins. */
const betweenRoundsMs = 2_000;

/** Devices that were seen and can be begun. */
export type Seen = Set<DeviceUpdate>;

interface Watch {
  isReachable(device: DeviceId, signal: AbortSignal): Promise<boolean>;
  signal: AbortSignal;
  /** Devices that are waited for. */
  candidates(): DeviceUpdate[];
  patience: Patience;
  clock: Clock;
  seen: Seen;
  /** Some were found. */
  found(): void;
  giveUp(device: DeviceUpdate): Promise<void>;
}

/** Looks out for devices, round after round, while there are any to look for. Returns what makes it begin. */
export function watchForDevices({ isReachable, signal, candidates, patience, clock, seen, found, giveUp }: Watch) {
  let isWatching = false;
  /** Returns whether the device could be looked for. */
  const look = async (device: DeviceUpdate) => {
    try {
      if (!(await isReachable(device.deviceId, signal))) return true;
    } catch (thrown) {
      const { code } = toPushrodError(thrown);
      if (code === 'REGISTRY_UNREACHABLE') return false;
      // What was removed is never seen. Its try says so.
      if (code !== 'DEVICE_NOT_FOUND') return true;
    }
    seen.add(device);
    found();
    return true;
  };
  const watch = async () => {
    try {
      for (;;) {
        const missing = candidates().filter((device) => !seen.has(device));
        if (missing.length === 0 || signal.aborted) return;
        const beganMs = clock.now();
        const isRegistryThere = (await Promise.all(missing.map(look))).every(Boolean);
        patience.noteRegistry(isRegistryThere, beganMs);
        if (isRegistryThere && patience.isOver()) {
          const waitedFor = new Set(candidates());
          const unseen = missing.filter((device) => waitedFor.has(device) && !seen.has(device));
          await Promise.all(unseen.map(giveUp));
        }
        await pause(betweenRoundsMs, undefined, { signal });
      }
    } finally {
      // At once: who asks for it a moment later would not be heard.
      isWatching = false;
    }
  };
  return () => {
    if (isWatching) return;
    isWatching = true;
    // Only a signal that aborts ends it with an error.
    watch().catch(() => undefined);
  };
}

export function unseen({ deviceName }: DeviceUpdate): PushrodError {
  return new PushrodError('UNREACHABLE', `"${deviceName}" was not seen in the time it was waited for.`);
}
