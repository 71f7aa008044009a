import { networkInterfaces } from 'node:os';
import { type DiscoverRequest, type FoundDevice, formatAddress } from '../../shared/model/index.ts';
import { fingerprintOf, type KnownHosts, keyTypeOf } from '../hosts/index.ts';
import { createGate, type GateLimits } from '../presence/index.ts';
import type { ProfileStore } from '../profiles/index.ts';
import type { Devices, LongWork } from '../registry/index.ts';
import { recognizing } from './known-as.ts';
import { type Listening, scan } from './scan.ts';
import { hostsOfSubnet } from './subnet.ts';

/** Finds devices on the network of this laptop, for adding. */
export interface Discovery {
  /**
   * Tries the ports at each address of a subnet. Nothing is logged in to, and no host key is accepted.
   * @throws PushrodError `INVALID_INPUT` for a subnet that is too wide or not of this laptop; `CANCELLED`
   */
  discover(request: DiscoverRequest, work?: LongWork): Promise<FoundDevice[]>;
}

interface DiscoverySources {
  devices: Devices;
  profiles: ProfileStore;
  hosts: KnownHosts;
}

/** Most addresses of a subnet are empty, and wait for an answer that does not come. */
const gently: GateLimits = { mostAtOnce: 64, mostPerSecond: 100 };

export function createDiscovery({ devices, profiles, hosts }: DiscoverySources): Discovery {
  const gate = createGate(gently);

  return {
    async discover({ subnet, ports }, { signal = neverAborted, onProgress } = {}) {
      const endpoints = hostsOfSubnet(subnet, networkInterfaces()).flatMap((host) =>
        [...new Set(ports)].map((port) => ({ host, port })),
      );
      let heard = 0;
      const scanned = await gate.passAll(endpoints, signal, async (endpoint) => {
        const listening = await scan(endpoint, signal);
        if (listening) onProgress?.(++heard);
        return listening;
      });
      const found = scanned.filter((one) => one !== undefined);
      const recognize = recognizing(await devices.select({ all: true }), profiles, hosts);
      return found.map((one) => ({ ...describe(one), knownAs: recognize(one) }));
    },
  };
}

const neverAborted = new AbortController().signal;

const describe = ({ host, port, key }: Listening) => ({
  address: formatAddress(host, port),
  keyType: key ? keyTypeOf(key) : null,
  fingerprint: key ? fingerprintOf(key) : null,
});
