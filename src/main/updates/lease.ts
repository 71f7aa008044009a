import { setTimeout as pause } from 'node:timers/promises';
import { PushrodError, toPushrodError } from '../../shared/errors.ts';
import type { DeviceUpdate } from '../../shared/model/index.ts';
import type { DeviceLeases, Lease } from '../registry/index.ts';
import { leasedElsewhere } from './skip-reason.ts';
import { isBeingActivated } from './state-machine.ts';

/** How often a device that another bench holds is asked for again. */
const askAgainMs = 2_000;

interface Holding {
  device: DeviceUpdate;
  leases: Pick<DeviceLeases, 'acquire'>;
  /** How long another bench that has the device is waited for; for ever when left out. */
  patienceMs?: number | undefined;
  signal: AbortSignal;
  /** The device's message changed. */
  changed(): void;
}

type Waiter = Pick<Holding, 'device' | 'signal' | 'changed'>;

/**
 * Works on a device while no other bench may; waits, visibly, for one that does. When the lease is lost the work is
 * aborted, unless something is being activated: what was begun there is brought to its end.
 * @throws PushrodError `LEASE_LOST`; `LEASED_ELSEWHERE` at the end of the patience
 */
export async function withLease<T>(holding: Holding, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const lease = await acquire(holding);
  const abort = new AbortController();
  const onLost = () => {
    if (!isBeingActivated(holding.device.state)) abort.abort();
  };
  lease.lost.addEventListener('abort', onLost);
  if (lease.lost.aborted) onLost();
  try {
    return await work(AbortSignal.any([holding.signal, abort.signal]));
  } catch (thrown) {
    if (!abort.signal.aborted || holding.signal.aborted) throw thrown;
    const message = 'The shared registry was out of reach for too long, so another bench may push to this device now.';
    throw new PushrodError('LEASE_LOST', message, [], { cause: thrown });
  } finally {
    // A lease that cannot be given back expires.
    await lease.release().catch(() => undefined);
  }
}

async function acquire(holding: Holding): Promise<Lease> {
  const { device, leases, signal, patienceMs = Number.POSITIVE_INFINITY } = holding;
  // What passes while the registry is out of reach is not counted.
  let waitedMs = 0;
  for (;;) {
    const lease = await onceReachable(holding, () => leases.acquire(device.deviceId));
    say(holding, 'heldBy' in lease ? `Waiting: ${lease.heldBy} is pushing to this device.` : null);
    if (!('heldBy' in lease)) return lease;
    if (waitedMs >= patienceMs) throw leasedElsewhere(device.deviceName, lease.heldBy);
    const pauseMs = Math.min(askAgainMs, patienceMs - waitedMs);
    await pause(pauseMs, undefined, { signal });
    waitedMs += pauseMs;
  }
}

/** Asks the registry; while it is out of reach it is asked again, visibly: an outage is no failure of the device. */
export async function onceReachable<T>(waiter: Waiter, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (toPushrodError(thrown).code !== 'REGISTRY_UNREACHABLE') throw thrown;
      say(waiter, 'Waiting: the shared registry cannot be reached.');
      await pause(askAgainMs, undefined, { signal: waiter.signal });
    }
  }
}

function say({ device, changed }: Waiter, message: string | null): void {
  if (message === device.message) return;
  device.message = message;
  changed();
}
