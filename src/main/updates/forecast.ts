import { PushrodError } from '../../shared/errors.ts';
import type { Device, DeviceId, Firmware, PushForecast, PushRequest } from '../../shared/model/index.ts';
import { asPushed } from './as-pushed.ts';
import { placeDevices } from './phases.ts';
import { planDelivery } from './plan.ts';
import type { RunSources } from './run-sources.ts';
import { leasedElsewhere, skipReason } from './skip-reason.ts';

/**
 * What a push would do, as far as it is known without contacting a device.
 * @param heldElsewhere devices that another bench pushes to, each with the name of that
 * @throws PushrodError what the push itself would refuse
 */
export function forecast(
  sources: RunSources,
  request: PushRequest,
  firmware: Firmware[],
  devices: Device[],
  heldElsewhere: ReadonlyMap<DeviceId, string>,
): PushForecast {
  const pushed = firmware.map(asPushed);
  const sizeBytes = firmware.reduce((sum, one) => sum + one.sizeBytes, 0);
  const placed = placeDevices(devices, request.rollout, sources.random);
  const rows = placed.map(({ device, phase }) => {
    const lastDelivered = () => sources.journal.lastDelivered(device.id);
    const { profile } = sources.profiles.get(request.profile ?? device.profile);
    const bench = heldElsewhere.get(device.id);
    const held = bench === undefined ? undefined : leasedElsewhere(device.name, bench);
    const unwanted = skipReason({ request, firmware: pushed, stored: firmware, profile, device, lastDelivered });
    const skip = unwanted ?? (request.patienceMs === undefined ? undefined : held);
    return {
      deviceId: device.id,
      deviceName: device.name,
      phase,
      action: skip ? ('skip' as const) : ('push' as const),
      errorCode: skip?.code ?? null,
      message: (skip ?? held)?.message ?? null,
      bytesTotal: skip ? 0 : sizeBytes,
      isReachable: null,
    };
  });
  const count = rows.filter(({ action }) => action === 'push').length;
  const bytesTotal = rows.reduce((sum, row) => sum + row.bytesTotal, 0);
  return { devices: rows, bytesTotal, durationMs: durationOf(sources, request, count, bytesTotal) };
}

/** From what pushes took so far; `null` while there were none. */
function durationOf(sources: RunSources, request: PushRequest, devices: number, bytesTotal: number): number | null {
  if (devices === 0) return 0;
  const perDevice = sources.journal.pastBytesPerSecond();
  if (perDevice === undefined) return null;
  const limits = [request.rateLimitBytesPerSecond, sources.limits.get().rateLimitBytesPerSecond];
  const rates = [perDevice * Math.min(request.concurrency, devices), ...limits.filter((limit) => limit != null)];
  const waitsMs = request.rollout ? request.rollout.waitMs * (request.rollout.phases.length - 1) : 0;
  return Math.ceil((bytesTotal / Math.min(...rates)) * 1_000) + waitsMs;
}

/** Everything that can be known without contacting a device is right. @throws PushrodError */
export function requirePlannable(
  sources: RunSources,
  request: PushRequest,
  firmware: Firmware[],
  devices: Device[],
): void {
  if (devices.length === 0) {
    throw new PushrodError('INVALID_INPUT', 'No device matches the selection; nothing was pushed.', [
      { field: 'selection', message: 'choose at least one device' },
    ]);
  }
  const pushed = firmware.map(asPushed);
  const context = { rateLimits: [], otherFirmware: [], stageOnly: request.stageOnly, mayBeInPlace: false };
  for (const device of devices) planDelivery(sources, request, pushed, device, context);
}
