import type { Device, PushRequest, Update } from '../../shared/model/index.ts';
import type { DeliveryJob } from '../delivery/index.ts';
import { planHttp } from './plan-http.ts';
import { endpointOf, type PlanSources, type UpdateContext } from './plan-sources.ts';
import { planSsh } from './plan-ssh.ts';

/** Puts together the delivery of a firmware to a device. Nothing is contacted. @throws PushrodError */
export function planDelivery(
  sources: PlanSources,
  request: PushRequest,
  firmware: Update['firmware'],
  device: Device,
  context: UpdateContext = { rateLimits: [], otherFirmware: [] },
): DeliveryJob {
  const endpoint = endpointOf(device, sources.profiles, request.profile);
  const plan = { endpoint, firmware, device, context };
  return endpoint.profile.transport === 'http' ? planHttp(sources, plan) : planSsh(sources, plan);
}
