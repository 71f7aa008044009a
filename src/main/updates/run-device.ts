import { setTimeout as pause } from 'node:timers/promises';
import { hintFor, isRetryable, PushrodError, toPushrodError } from '../../shared/errors.ts';
import type { DeviceUpdate, DeviceUpdateState } from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import type { Delivery, DeliveryJob, Transfer } from '../delivery/index.ts';
import type { HostKeyDecision } from '../hosts/index.ts';
import type { DeviceLeases } from '../registry/index.ts';
import { backoffMs } from './backoff.ts';
import { onceReachable, withLease } from './lease.ts';
import { createRateMeter } from './rate.ts';
import { withTarget } from './target.ts';
import type { Turns } from './turns.ts';

/** What one device's run needs of its update. */
export interface DeviceRun {
  device: DeviceUpdate;
  retries: number;
  delivery: Delivery;
  /** No other push of this laptop works on the device's path during an attempt, */
  turns: Turns<string>;
  /** and no other bench on the device. */
  leases: DeviceLeases;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
  /** Called before each attempt: profile, credential or address may have been mended since. */
  plan(): Promise<DeliveryJob>;
  decideHostKey(job: DeliveryJob, key: Buffer): HostKeyDecision;
  /** Fulfilled when the device's state is on record. */
  record(reason?: string): Promise<void>;
  /** The device's numbers changed, without a transition. */
  changed(): void;
}

/**
 * Takes one device from `pending` to its end. When the run's signal aborts before the device is activating, it is left
 * in the state it was in: the caller says whether that means cancelled or interrupted.
 */
export async function runDevice(run: DeviceRun): Promise<void> {
  const { device, signal } = run;
  const now = () => new Date(run.clock.now()).toISOString();
  const enter = async (state: DeviceUpdateState, reason?: string) => {
    device.state = state;
    await run.record(reason);
  };
  device.startedAt ??= now();
  /** Tries that an outage of the shared registry ended: they do not count. */
  let forgiven = 0;
  for (;;) {
    device.attempt += 1;
    device.bytesSentEarlier += device.bytesSent;
    Object.assign(device, { bytesSent: 0, resumedFrom: 0, errorCode: null, message: null, hint: null });
    const error = await attempt(run, enter);
    device.rateBytesPerSecond = 0;
    if (error === undefined) {
      device.endedAt = now();
      return enter('succeeded');
    }
    if (signal.aborted && device.state !== 'activating') return;
    Object.assign(device, { errorCode: error.code, message: error.message, hint: hintFor(error.code) });
    if (error.code === 'LEASE_LOST') forgiven += 1;
    if (!isRetryable(error.code) || device.attempt - forgiven > run.retries) {
      device.endedAt = now();
      return enter('failed', error.message);
    }
    await enter('retrying', error.message);
    const waitMs = Math.max(backoffMs(device.attempt, run.random), error.retryAfterMs ?? 0);
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

async function attempt(
  run: DeviceRun,
  enter: (state: DeviceUpdateState) => Promise<void>,
): Promise<PushrodError | undefined> {
  const { device } = run;
  const measure = createRateMeter();
  try {
    const job = await onceReachable(run, run.plan);
    const observer = {
      async entering(step: DeviceUpdateState, transfer?: Transfer) {
        Object.assign(device, transfer);
        if (step !== 'transferring') device.rateBytesPerSecond = 0;
        await enter(step);
      },
      progress(bytesSent: number) {
        device.bytesSent = bytesSent;
        device.rateBytesPerSecond = measure(bytesSent, run.clock.now());
        run.changed();
      },
      decideHostKey: async (key: Buffer) => run.decideHostKey(job, key),
    };
    await withTarget(run, job, () => withLease(run, (signal) => run.delivery.deliver(job, observer, signal)));
    return undefined;
  } catch (thrown) {
    const error = toPushrodError(thrown);
    if (device.state !== 'activating' || error.code === 'ACTIVATE_FAILED') return error;
    return new PushrodError('ACTIVATION_UNKNOWN', `Whether the firmware was activated is not known: ${error.message}`);
  }
}
