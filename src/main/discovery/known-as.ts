import { type Device, type FoundDevice, formatAddress } from '../../shared/model/index.ts';
import { fingerprintOf, type KnownHosts } from '../hosts/index.ts';
import type { ProfileStore } from '../profiles/index.ts';
import { endpointOf } from '../updates/index.ts';
import type { Listening } from './scan.ts';

type KnownAs = NonNullable<FoundDevice['knownAs']>;

/**
 * Tells which registered device something is: the one whose host key it shows, wherever that was before; without a key to
 * go by, the one at its address. Where several devices share a key, only the one at its address is meant.
 */
export function recognizing(
  devices: readonly Device[],
  profiles: ProfileStore,
  hosts: KnownHosts,
): (found: Listening) => KnownAs | null {
  const byPlace = new Map<string, Device>();
  for (const device of devices) {
    const place = placeOf(device, profiles);
    if (place !== undefined && !byPlace.has(place)) byPlace.set(place, device);
  }
  const placesByKey = new Map<string, Set<string>>();
  for (const { host, fingerprint, marker } of hosts.list()) {
    if (marker !== null) continue;
    const places = placesByKey.get(fingerprint) ?? new Set();
    for (const name of host.split(',')) places.add(placeNamed(name));
    placesByKey.set(fingerprint, places);
  }

  return ({ host, port, key }) => {
    const here = byPlace.get(formatAddress(host, port));
    const atAddress = here ? { ...nameOf(here), matchedBy: 'address' as const } : null;
    if (key === undefined) return atAddress;
    const places = [...(placesByKey.get(fingerprintOf(key)) ?? [])].filter((place) => byPlace.has(place));
    if (places.includes(formatAddress(host, port))) return here ? { ...nameOf(here), matchedBy: 'hostKey' } : null;
    const decision = hosts.decide(host, port, key, 'strict');
    const isAnother = !decision.trusted && decision.error.code !== 'HOST_KEY_UNKNOWN';
    const [place, ...others] = places;
    const elsewhere = place !== undefined && others.length === 0 ? byPlace.get(place) : undefined;
    if (elsewhere) return { ...nameOf(elsewhere), matchedBy: 'hostKey' };
    return isAnother ? null : atAddress;
  };
}

const nameOf = ({ id, name, address }: Device) => ({ id, name, address });

/** Where a device is reached from here; not the address that only a jump host knows. */
function placeOf(device: Device, profiles: ProfileStore): string | undefined {
  try {
    const { host, port, profile } = endpointOf(device, profiles);
    return profile.jumpHost === undefined ? formatAddress(host, port) : undefined;
  } catch {
    return undefined;
  }
}

/** `host` or `[host]:port` of known_hosts. Hashed names and patterns name no place, and match none. */
function placeNamed(name: string): string {
  const [, host = name, port = '22'] = /^\[(.+)\]:(\d+)$/.exec(name) ?? [];
  return formatAddress(host, Number(port));
}
