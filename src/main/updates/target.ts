import type { DeviceUpdate } from '../../shared/model/index.ts';
import type { DeliveryJob } from '../delivery/index.ts';
import type { Turns } from './turns.ts';

interface Waiter {
  device: DeviceUpdate;
  turns: Turns<string>;
  signal: AbortSignal;
  /** The device's message changed. */
  changed(): void;
}

/**
 * Works on a device's path while no other push of this laptop does: two entries of the registry may name one device,
 * and would write into the same file.
 */
export async function withTarget<T>(waiter: Waiter, job: DeliveryJob, work: () => Promise<T>): Promise<T> {
  const { device, turns, signal, changed } = waiter;
  const given: (() => void)[] = [];
  try {
    // In one order for all, so that no two wait for each other.
    for (const target of targetsOf(job)) {
      given.push(await turns.take(target, signal, () => waiting(device, changed)));
    }
    device.message = null;
    return await work();
  } finally {
    for (const giveBack of given) giveBack();
  }
}

function targetsOf({ host, port, files }: DeliveryJob): string[] {
  return [...new Set(files.map(({ remotePath }) => `${host.toLowerCase()} ${port} ${remotePath}`))].sort();
}

/** Lets people see why nothing happens to a device. */
export function waiting(device: DeviceUpdate, changed: () => void): void {
  const message = 'Waiting: another push works on this device.';
  if (device.message === message) return;
  device.message = message;
  changed();
}
