import { PushrodError } from '../../shared/errors.ts';
import type { Device, PushRequest, UpdateFirmware } from '../../shared/model/index.ts';
import type { DeliveryJob } from '../delivery/index.ts';
import { planHttp } from './plan-http.ts';
import { endpointOf, type PlanSources, type UpdateContext } from './plan-sources.ts';
import { planSsh } from './plan-ssh.ts';

/** Puts together the delivery of a firmware to a device. Nothing is contacted. @throws PushrodError */
export function planDelivery(
  sources: PlanSources,
  request: Pick<PushRequest, 'profile'>,
  firmware: UpdateFirmware[],
  device: Device,
  context: UpdateContext,
): DeliveryJob {
  const endpoint = endpointOf(device, sources.profiles, request.profile);
  const last = firmware.at(-1);
  if (!last) throw new PushrodError('INTERNAL', 'There is an update without firmware.');
  const plan = { endpoint, firmware, last, device, context };
  return endpoint.profile.transport === 'http' ? planHttp(sources, plan) : planSsh(sources, plan);
}
