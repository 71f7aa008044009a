import { setTimeout as pause } from 'node:timers/promises';
import { PushrodError } from '../../shared/errors.ts';
import type { DeviceId, DeviceUpdate } from '../../shared/model/index.ts';

/** How long after a round over all devices that are waited for the next one begins. */
const betweenRoundsMs = 2_000;

/** Devices that were seen and can be begun. */
export type Seen = Set<DeviceUpdate>;

interface Watch {
  isReachable(device: DeviceId, signal: AbortSignal): Promise<boolean>;
  signal: AbortSignal;
  /** Devices that are waited for. */
  candidates(): DeviceUpdate[];
  /** Whether the patience is at its end. */
  isOverdue(): boolean;
  seen: Seen;
  /** Some were found. */
  found(): void;
  giveUp(device: DeviceUpdate): Promise<void>;
}

/** Looks out for devices, round after round, while there are any to look for. Returns what makes it begin. */
export function watchForDevices({ isReachable, signal, candidates, isOverdue, seen, found, giveUp }: Watch) {
  let isWatching = false;
  const watch = async () => {
    try {
      for (;;) {
        const missing = candidates().filter((device) => !seen.has(device));
        if (missing.length === 0 || signal.aborted) return;
        await Promise.all(
          missing.map(async (device) => {
            if (!(await isReachable(device.deviceId, signal).catch(() => false))) return;
            seen.add(device);
            found();
          }),
        );
        if (isOverdue()) {
          const unseen = candidates().filter((device) => !seen.has(device));
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
