import { type PushrodError, told } from '../../shared/errors.ts';
import type { Device, DeviceUpdate, UpdateId } from '../../shared/model/index.ts';
import { activates } from '../delivery/index.ts';
import type { Gate } from './gate.ts';
import { onceReachable } from './lease.ts';
import type { Ledger } from './ledger.ts';
import { planDelivery } from './plan.ts';
import type { UpdateContext } from './plan-sources.ts';
import { runDevice } from './run-device.ts';
import type { RunSources } from './run-sources.ts';
import { skipReason } from './skip-reason.ts';

/** What the work on all devices of an update shares. */
export interface UpdateWork {
  sources: RunSources;
  id: UpdateId;
  ledger: Ledger;
  context: Pick<UpdateContext, 'rateLimits' | 'otherFirmware'>;
  /** Whether devices are not waited for any more. */
  isOverdue(): boolean;
  gate: Gate;
}

/** Brings an update to one of its devices, or skips it. As {@link runDevice}, it may be left where `signal` aborts. */
export async function runOne(update: UpdateWork, device: DeviceUpdate, signal: AbortSignal): Promise<void> {
  const { sources, id, ledger, gate, context, isOverdue } = update;
  const { request } = ledger;
  const { firmware } = ledger.update;
  const { journal, turns, clock } = sources;
  // Asked before the first try only: what was begun is brought to its end.
  const first = device.attempt === 0 ? await lookUp(update, device, signal) : undefined;
  if (signal.aborted) return;
  if (first?.skip) {
    const endedAt = new Date(clock.now()).toISOString();
    return ledger.enter(device, { state: 'skipped', ...told(first.skip), endedAt }, { reason: first.skip.message });
  }
  let registered = first?.registered;
  let isActivating = false;
  await runDevice({
    ...{ device, turns, signal, clock },
    changed: () => ledger.touch(device),
    retries: request.retries,
    patienceMs: request.patienceMs,
    waitsUntilSeen: () => request.onConnect && !isOverdue(),
    mayPass: () => gate.mayPass(device),
    mayActivate: () => gate.mayActivate(device),
    delivery: sources.delivery,
    leases: sources.devices.leases,
    random: sources.random,
    plan: async () => {
      const found = registered ?? (await sources.devices.get(device.deviceId));
      registered = undefined;
      const isReleased = request.windows.length > 0 ? gate.mayActivate(device) : ledger.isReleased;
      const stageOnly = request.stageOnly && !isReleased;
      const mayBeInPlace = device.attempt > 1;
      const job = planDelivery(sources, request, firmware, found, { ...context, stageOnly, mayBeInPlace });
      isActivating = activates(job);
      return job;
    },
    decideHostKey: (job, { host, port }, key) =>
      (job.transport === 'http' ? sources.certificates : sources.hosts).decide(host, port, key, request.hostKeys),
    enter: (change, reason) => ledger.enter(device, change, { reason }),
    foundVersion: (firmwareVersion) => sources.devices.note(device.deviceId, { firmwareVersion }),
    keepOutput: (output) => journal.recordOutput(id, output),
  });
  const hasTold = device.firmwareVersion !== null;
  const version = firmware.at(-1)?.version;
  if (device.state === 'succeeded' && isActivating && !hasTold && version) {
    sources.devices.note(device.deviceId, { firmwareVersion: version });
  }
}

interface LookedUp {
  registered: Device;
  /** Why the device does not get the firmware. */
  skip: PushrodError | undefined;
}

/** What the registry says of a device; `undefined` where that cannot be told, which the try itself gives the reason for. */
async function lookUp(
  { sources, ledger }: UpdateWork,
  device: DeviceUpdate,
  signal: AbortSignal,
): Promise<LookedUp | undefined> {
  const { request } = ledger;
  const { firmware } = ledger.update;
  try {
    const waiter = { device, signal, changed: () => ledger.touch(device) };
    const registered = await onceReachable(waiter, () => sources.devices.get(device.deviceId));
    const stored = firmware.map(({ sha256 }) => sources.firmware.get(sha256));
    const lastDelivered = () => sources.journal.lastDelivered(registered.id);
    const { profile } = sources.profiles.get(request.profile ?? registered.profile);
    return { registered, skip: skipReason({ request, firmware, stored, profile, device: registered, lastDelivered }) };
  } catch {
    return undefined;
  }
}
