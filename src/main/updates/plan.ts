import { PushrodError } from '../../shared/errors.ts';
import {
  type Device,
  type Hop,
  hopsOf,
  type Profile,
  type PushRequest,
  parseAddress,
  type Update,
} from '../../shared/model/index.ts';
import type { CredentialStore, Login } from '../credentials/index.ts';
import type { DeliveryJob, Endpoint, SshHost } from '../delivery/index.ts';
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

type AccessSources = Omit<PlanSources, 'firmware'>;

/** The hosts that a profile passes through. @throws PushrodError `CREDENTIAL_NOT_FOUND`, `SECRET_UNREADABLE` */
export function jumpHostsOf(sources: AccessSources, profile: Profile): SshHost[] {
  const loginsOf = ({ username, credential }: Hop): Login[] => {
    const logins = credential === undefined ? deviceLogins(sources, profile) : [sources.credentials.login(credential)];
    return username === undefined ? logins : logins.map((login) => ({ ...login, username }));
  };
  return hopsOf(profile.jumpHost).map((hop) => sshHost(sources, hop, loginsOf(hop)));
}

function deviceLogins({ credentials, profiles }: AccessSources, profile: Profile): Login[] {
  return credentials.loginsFor(profile, profiles.credentialsNamed());
}

function sshHost({ hosts }: AccessSources, { host, port }: Endpoint, logins: Login[]): SshHost {
  return { host, port, logins, knownHostKeyTypes: hosts.knownTypes(host, port) };
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
    ...sshHost(sources, { host, port }, deviceLogins(sources, profile)),
    via: jumpHostsOf(sources, profile),
    legacyAlgorithms: profile.legacyAlgorithms,
    firmware: { path: sources.firmware.path(firmware.sha256), sha256: firmware.sha256, sizeBytes: firmware.sizeBytes },
    remotePath,
    method: profile.method,
    verifyCommand: command(profile.verifyCommand),
    activateCommand: command(profile.activateCommand),
    timeouts: profile.timeouts,
  };
}
