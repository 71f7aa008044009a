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
import {
  type Confirmation,
  createRateLimit,
  type DeliveryJob,
  type Endpoint,
  type RateLimit,
  type SshHost,
} from '../delivery/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { KnownHosts } from '../hosts/index.ts';
import { expandCommand, expandPath, type ProfileStore, type TemplateValues } from '../profiles/index.ts';
import { basesOf, type StoredFirmware } from './bases.ts';

/** What a delivery is put together from. */
export interface PlanSources {
  firmware: FirmwareStore;
  profiles: ProfileStore;
  credentials: CredentialStore;
  hosts: KnownHosts;
}

/** What all deliveries of an update share. */
export interface UpdateContext {
  /** Beside the device's own, the narrowest first. */
  rateLimits: RateLimit[];
  otherFirmware: StoredFirmware[];
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

/**
 * Puts together the delivery of a firmware to a device. Nothing is contacted.
 * @throws PushrodError
 */
export function planDelivery(
  sources: PlanSources,
  request: PushRequest,
  firmware: Update['firmware'],
  device: Device,
  { rateLimits, otherFirmware }: UpdateContext = { rateLimits: [], otherFirmware: [] },
): DeliveryJob {
  const { host, port, profile } = endpointOf(device, sources.profiles, request.profile);
  const values: TemplateValues = { device, firmware };
  const remotePath = expandPath(profile.remotePath, values);
  const command = (template: string | undefined) =>
    template === undefined ? undefined : expandCommand(template, { ...values, remotePath });
  const version = command(profile.versionCommand);
  return {
    transport: 'ssh',
    ...sshHost(sources, { host, port }, deviceLogins(sources, profile)),
    via: jumpHostsOf(sources, profile),
    legacyAlgorithms: profile.legacyAlgorithms,
    firmware: { path: sources.firmware.path(firmware.sha256), sha256: firmware.sha256, sizeBytes: firmware.sizeBytes },
    remotePath,
    method: profile.method,
    bases: basesOf(otherFirmware, profile, device),
    commands: {
      version: version === undefined ? undefined : { command: version, pattern: profile.versionPattern },
      preflight: command(profile.preflightCommand),
      verify: command(profile.verifyCommand),
      activate: command(profile.activateCommand),
      rollback: command(profile.rollbackCommand),
    },
    confirmation: confirmationOf(profile, firmware),
    isActivated: false,
    rateLimits: [createRateLimit(profile.rateLimitBytesPerSecond), ...rateLimits],
    fileMode: profile.fileMode === undefined ? undefined : Number.parseInt(profile.fileMode, 8),
    fileOwner: profile.fileOwner,
    timeouts: profile.timeouts,
  };
}

/** What a device has to show after its activation; `undefined` where nothing is activated or nothing can be asked. */
function confirmationOf(profile: Profile, firmware: Update['firmware']): Confirmation | undefined {
  const { activateCommand, versionCommand, rebootExpected, confirmTimeoutMs } = profile;
  if (activateCommand === undefined || (versionCommand === undefined && !rebootExpected)) return undefined;
  if (versionCommand !== undefined && firmware.version === '') {
    const message = `The profile confirms the version of a device, but ${firmware.fileName} has none to compare it with.`;
    throw new PushrodError('INVALID_INPUT', message, [
      { field: 'version', message: 'say which version this firmware is' },
    ]);
  }
  const version = versionCommand === undefined ? undefined : firmware.version;
  return { version, rebootExpected, timeoutMs: confirmTimeoutMs };
}
