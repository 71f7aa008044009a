import { setTimeout as pause } from 'node:timers/promises';
import { type ErrorCode, isOutOfReach, isRetryable, PushrodError, told, toPushrodError } from '../../shared/errors.ts';
import type { CommandOutput, DeviceUpdate, DeviceUpdateState } from '../../shared/model/index.ts';
import type { Clock } from '../data/index.ts';
import type { Delivery, DeliveryJob, DeliveryObserver, Endpoint, RolledBack } from '../delivery/index.ts';
import type { HostKeyDecision } from '../hosts/index.ts';
import type { DeviceLeases } from '../registry/index.ts';
import { backoffMs } from './backoff.ts';
import { onceReachable, withLease } from './lease.ts';
import { createRateMeter } from './rate.ts';
import { withTarget } from './target.ts';
import type { Turns } from './turns.ts';

/** A transition, and what comes with it. */
export type DeviceChange = Partial<DeviceUpdate> & Pick<DeviceUpdate, 'state'>;

/** What one device's run needs of its update. */
export interface DeviceRun {
  device: DeviceUpdate;
  retries: number;
  delivery: Pick<Delivery, 'deliver'>;
  /** No other push of this laptop works on the device's path during an attempt, */
  turns: Turns<string>;
  /** and no other bench on the device. */
  leases: DeviceLeases;
  /** How long another bench is waited for; for ever when left out. */
  patienceMs: number | undefined;
  clock: Clock;
  random: () => number;
  /** Whether a device that cannot be reached is waited for, instead of being tried again and failing. */
  waitsUntilSeen(): boolean;
  /** Whether it may be tried now, or has to wait for its window; */
  mayPass(): boolean;
  /** and whether what is there may be activated now. */
  mayActivate(): boolean;
  signal: AbortSignal;
  /** Called before each attempt: profile, credential or address may have been mended since. */
  plan(): Promise<DeliveryJob>;
  decideHostKey(job: DeliveryJob, at: Endpoint, key: Buffer): HostKeyDecision;
  /** Fulfilled when the change is on record; before that it is not seen on the device. */
  enter(change: DeviceChange, reason?: string): Promise<void>;
  /** The device's numbers changed, without a transition. */
  changed(): void;
  /** The device said which version it runs. */
  foundVersion(version: string): void;
  keepOutput(output: CommandOutput): void;
}

/**
 * Takes one device from `pending` to its end, or back to `pending` where it is waited for. When the run's signal aborts before anything was activated, or where it
 * can be confirmed later, it is left in the state it was in: the caller says whether that means cancelled or interrupted.
 */
export async function runDevice(run: DeviceRun): Promise<void> {
  const { device, signal } = run;
  const now = () => new Date(run.clock.now()).toISOString();
  const end = (state: DeviceUpdateState, error?: PushrodError) =>
    run.enter({ state, ...(error && told(error)), endedAt: now(), unconfirmedSince: null }, error?.message);
  device.startedAt ??= now();
  device.endedAt = null;
  /** Tries that do not count: those of an earlier run, and those that an outage of the shared registry ended. */
  let forgiven = device.attempt;
  for (;;) {
    device.attempt += 1;
    device.bytesSentEarlier += device.bytesSent;
    Object.assign(device, {
      bytesSent: 0,
      resumedFrom: 0,
      unchangedBytes: 0,
      errorCode: null,
      message: null,
      hint: null,
    });
    const { error, rolledBack, isStaged } = await attempt(run);
    device.rateBytesPerSecond = 0;
    if (rolledBack) return end('rolledBack', rolledBack.because);
    if (error === undefined) return end(isStaged ? 'staged' : 'succeeded');
    if (signal.aborted && canGoOn(device)) return;
    if (error.code === 'WINDOW_CLOSED' && device.state === 'verifying' && device.method !== 'http') {
      return run.enter({ state: 'staged', message: 'It is activated when its window opens.', endedAt: now() });
    }
    if (isOutOfReach(error.code) && run.waitsUntilSeen()) {
      await run.enter({ state: 'retrying', ...told(error) }, error.message);
      return run.enter({ state: 'pending', message: `Waiting until it is seen again. ${error.message}` });
    }
    if (error.code === 'LEASED_ELSEWHERE' && device.unconfirmedSince === null) return end('skipped', error);
    if (error.code === 'LEASE_LOST') forgiven += 1;
    if (error.code === 'WINDOW_CLOSED') {
      await run.enter({ state: 'retrying' });
      return run.enter({ state: 'pending', message: 'It goes on when its window opens.' });
    }
    if (!isRetryable(error.code) || device.attempt - forgiven > run.retries) {
      return end('failed', device.unconfirmedSince === null ? error : asVerdict(error));
    }
    await run.enter({ state: 'retrying', ...told(error) }, error.message);
    const waitMs = Math.max(backoffMs(device.attempt, run.random), error.retryAfterMs ?? 0);
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (!run.mayPass()) {
      return run.enter({ state: 'pending', message: `It is tried again when its window opens. ${error.message}` });
    }
  }
}

interface Tried {
  error?: PushrodError;
  rolledBack?: RolledBack | undefined;
  isStaged?: boolean;
}

async function attempt(run: DeviceRun): Promise<Tried> {
  const { device } = run;
  try {
    const planned = await onceReachable(run, run.plan);
    const { unconfirmedSince } = device;
    const job =
      unconfirmedSince === null ? planned : onlyToConfirm(planned, run.clock.now() - Date.parse(unconfirmedSince));
    if (job.isActivated) device.resumedFrom = device.bytesTotal;
    const observer = observe(run, job);
    const rolledBack = await withTarget(run, job, () =>
      withLease(run, (signal) => run.delivery.deliver(job, observer, signal)),
    );
    return { rolledBack, isStaged: job.transport === 'ssh' && job.stageOnly };
  } catch (thrown) {
    const error = toPushrodError(thrown);
    return { error: canGoOn(device) ? error : asVerdict(error) };
  }
}

function observe(run: DeviceRun, job: DeliveryJob): DeliveryObserver {
  const { device, clock } = run;
  const measure = createRateMeter();
  const now = () => new Date(clock.now()).toISOString();
  return {
    async entering(step, transfer) {
      const activates = step === 'activating' || transfer?.method === 'http';
      // It may have waited long for its turn, its lease or the registry.
      const isTooLate = activates ? !run.mayActivate() : step === 'connecting' && !run.mayPass();
      if (isTooLate) throw new PushrodError('WINDOW_CLOSED', 'Its update window has closed.');
      if (step !== 'transferring') device.rateBytesPerSecond = 0;
      const mayBeActivated = job.confirmation && (step === 'activating' || step === 'confirming');
      await run.enter({
        ...transfer,
        state: step,
        ...(mayBeActivated && { unconfirmedSince: device.unconfirmedSince ?? now() }),
        ...(step === 'rollingBack' && { unconfirmedSince: null }),
      });
    },
    progress(bytesSent) {
      device.bytesSent = bytesSent;
      device.rateBytesPerSecond = measure(bytesSent, clock.now());
      run.changed();
    },
    foundVersion(version) {
      device.firmwareVersion = version;
      run.foundVersion(version);
    },
    ran(command) {
      const { deviceId, attempt: nth, state: step } = device;
      run.keepOutput({ deviceId, attempt: nth, step, ...command, at: now() });
    },
    decideHostKey: async (at, key) => run.decideHostKey(job, at, key),
  };
}

/** Whether a try may be left and begun anew: nothing was activated, or what came of it can still be confirmed. */
function canGoOn({ state, unconfirmedSince }: DeviceUpdate): boolean {
  return unconfirmedSince !== null || (state !== 'activating' && state !== 'rollingBack');
}

/** Failures that say themselves what became of the activation, or why nobody can tell. */
const verdicts = new Set<ErrorCode>([
  ...(['ACTIVATE_FAILED', 'VERSION_NOT_CONFIRMED', 'ACTIVATION_UNKNOWN'] as const),
  ...(['HOST_KEY_CHANGED', 'HOST_KEY_UNKNOWN', 'HOST_KEY_REVOKED'] as const),
]);

const asVerdict = (error: PushrodError) => (verdicts.has(error.code) ? error : activationUnknown(error.message));

/**
 * What was activated is never activated again without a look. A version can be looked at later as well; a reboot is seen
 * while it happens, by who knows how the device was before.
 * @param sinceMs how long ago it was activated, if it was
 * @throws PushrodError `ACTIVATION_UNKNOWN`
 */
function onlyToConfirm(job: DeliveryJob, sinceMs: number): DeliveryJob {
  if (!job.confirmation) throw activationUnknown('the profile no longer says how it is confirmed.');
  const { rebootExpected, version, timeoutMs } = job.confirmation;
  if (rebootExpected && version === undefined) {
    throw activationUnknown('nobody saw it reboot, and the profile does not say how to read its version.');
  }
  if (rebootExpected) return { ...job, isActivated: true };
  // Nobody stopped the activate command, which may take its time before that of the confirmation begins.
  const commandMs = job.transport === 'ssh' ? job.timeouts.commandMs : 0;
  // Who answers after that is asked a little longer.
  const settleMs = Math.max(commandMs + timeoutMs - sinceMs, timeoutMs / 10);
  const confirmation = { ...job.confirmation, timeoutMs: Math.max(timeoutMs, settleMs), settleMs };
  return { ...job, isActivated: true, confirmation };
}

function activationUnknown(because: string): PushrodError {
  return new PushrodError('ACTIVATION_UNKNOWN', `Whether the firmware was activated is not known: ${because}`);
}
