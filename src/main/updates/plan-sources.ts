import { PushrodError } from '../../shared/errors.ts';
import {
  type Device,
  hostKeyAlias,
  type Profile,
  parseAddress,
  portOf,
  type UpdateFirmware,
} from '../../shared/model/index.ts';
import type { CredentialStore } from '../credentials/index.ts';
import type { Endpoint, RateLimit, SshJob } from '../delivery/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { KnownHosts } from '../hosts/index.ts';
import type { ProfileStore } from '../profiles/index.ts';
import type { StoredFirmware } from './bases.ts';

/** What a visit to a device is put together from. */
export interface VisitSources {
  profiles: ProfileStore;
  credentials: CredentialStore;
  /** Host keys of SSH devices, and certificates of HTTPS ones. */
  hosts: KnownHosts;
  certificates: KnownHosts;
}

/** What a delivery is put together from. */
export interface PlanSources extends VisitSources {
  firmware: FirmwareStore;
}

/** What all deliveries of an update share. */
export interface UpdateContext {
  /** Beside the device's own, the narrowest first. */
  rateLimits: RateLimit[];
  otherFirmware: StoredFirmware[];
  /** As of {@link SshJob}. */
  stageOnly: boolean;
  mayBeInPlace: boolean;
}

/** Where a device listens, and how it is updated. */
export interface DeviceEndpoint {
  host: string;
  port: number;
  /** As of `SshHost`. */
  knownAs?: Endpoint | undefined;
  profile: Profile;
}

/** What a delivery over any transport is planned for. */
export interface Plan {
  endpoint: DeviceEndpoint;
  firmware: UpdateFirmware[];
  /** The last of it, whose version the device reports afterwards. */
  last: UpdateFirmware;
  device: Device;
  context: UpdateContext;
}

/** Where and with which profile a device listens. @throws PushrodError `INVALID_INPUT`, `PROFILE_NOT_FOUND` */
export function endpointOf(
  device: Pick<Device, 'name' | 'address' | 'profile' | 'metadata'>,
  profiles: ProfileStore,
  profileName?: string,
): DeviceEndpoint {
  const { profile } = profiles.get(profileName ?? device.profile);
  const address = parseAddress(device.address);
  if (typeof address === 'string') {
    throw new PushrodError('INVALID_INPUT', `The address of "${device.name}" cannot be used: ${address}.`);
  }
  return {
    host: address.host,
    port: address.port ?? portOf(profile),
    knownAs: profile.transport === 'ssh' ? knownAs(device) : undefined,
    profile,
  };
}

/** An alias stands without a port, as ssh(1) looks it up. */
function knownAs({ name, metadata }: Pick<Device, 'name' | 'metadata'>): Endpoint | undefined {
  if (metadata.hostKeyAlias === undefined) return undefined;
  const alias = hostKeyAlias.safeParse(metadata.hostKeyAlias);
  if (alias.success) return { host: alias.data, port: 22 };
  const message = alias.error.issues[0]?.message ?? 'cannot be used';
  throw new PushrodError('INVALID_INPUT', `The metadata "hostKeyAlias" of "${name}": ${message}.`, [
    { field: 'metadata', message },
  ]);
}
