import { PushrodError } from '../../shared/errors.ts';
import { type Device, type PushRequest, parseAddress, type Update } from '../../shared/model/index.ts';
import type { CredentialStore } from '../credentials/index.ts';
import type { DeliveryJob } from '../delivery/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { KnownHosts } from '../hosts/index.ts';
import { expandCommand, expandPath, type ProfileStore, type TemplateValues } from '../profiles/index.ts';

/** What a delivery is put together from. */
export interface PlanSources {
  firmware: FirmwareStore;
  profiles: ProfileStore;
  credentials: CredentialStore;
  hosts: KnownHosts;
}

/** Where and with which profile a device listens. @throws PushrodError `INVALID_INPUT`, `PROFILE_NOT_FOUND` */
export function endpointOf(device: Device, profiles: ProfileStore, profileName?: string) {
  const { profile } = profiles.get(profileName ?? device.profile);
  const address = parseAddress(device.address);
  if (typeof address === 'string') {
    throw new PushrodError('INVALID_INPUT', `The address of "${device.name}" cannot be used: ${address}.`);
  }
  return { host: address.host, port: address.port ?? profile.port, profile };
}

/** Puts together the delivery of a firmware to a device. Nothing is contacted. @throws PushrodError */
export function planDelivery(
  sources: PlanSources,
  request: PushRequest,
  firmware: Update['firmware'],
  device: Device,
): DeliveryJob {
  const { host, port, profile } = endpointOf(device, sources.profiles, request.profile);
  const values: TemplateValues = { device, firmware };
  const remotePath = expandPath(profile.remotePath, values);
  const command = (template: string | undefined) =>
    template === undefined ? undefined : expandCommand(template, { ...values, remotePath });
  return {
    transport: 'ssh',
    host,
    port,
    login: sources.credentials.loginFor(profile, sources.profiles.credentialsNamed()),
    knownHostKeyTypes: sources.hosts.knownTypes(host, port),
    firmware: { path: sources.firmware.path(firmware.sha256), sha256: firmware.sha256, sizeBytes: firmware.sizeBytes },
    remotePath,
    method: profile.method,
    fileMode: profile.fileMode === undefined ? undefined : Number.parseInt(profile.fileMode, 8),
    fileOwner: profile.fileOwner,
    verifyCommand: command(profile.verifyCommand),
    activateCommand: command(profile.activateCommand),
    timeouts: profile.timeouts,
  };
}
