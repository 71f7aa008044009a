import { networkInterfaces } from 'node:os';
import { type DiscoverRequest, type FoundDevice, formatAddress } from '../../shared/model/index.ts';
import type { Endpoint } from '../delivery/index.ts';
import { fingerprintOf, type KnownHosts, keyTypeOf } from '../hosts/index.ts';
import { createGate, type GateLimits } from '../presence/index.ts';
import type { ProfileStore } from '../profiles/index.ts';
import type { Devices, LongWork } from '../registry/index.ts';
import { listenForAnnounced } from './announced.ts';
import { recognizing } from './known-as.ts';
import { type Listening, scan } from './scan.ts';
import { hostsOfSubnet, isInOwnSubnet, ownAddresses } from './subnet.ts';

/** Finds devices on the network of this laptop, for adding. */
export interface Discovery {
  /**
   * Tries the ports at each address of a subnet, and what announces itself from a subnet of this laptop. Nothing is logged
   * in to, and no host key is accepted.
   * @throws PushrodError `INVALID_INPUT` for a subnet that is too wide or not of this laptop; `CONFLICT`; `CANCELLED`
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

export function createDiscovery({ devices, profiles, hosts: known }: DiscoverySources): Discovery {
  const gate = createGate(gently);

  return {
    async discover({ subnet, ports, listenMs }, { signal = neverAborted, onProgress } = {}) {
      const interfaces = networkInterfaces();
      const hosts = subnet === undefined ? [] : hostsOfSubnet(subnet, interfaces);
      const endpoints = new Map<string, Endpoint>();
      for (const host of hosts) for (const port of ports) endpoints.set(formatAddress(host, port), { host, port });
      const announced = new Map<string, FoundDevice['announced']>();
      if (listenMs !== undefined) {
        const heardOf = await listenForAnnounced(
          { interfaces: ownAddresses(interfaces), durationMs: listenMs },
          signal,
        );
        for (const { host, port, name, service } of heardOf.filter(({ host }) => isInOwnSubnet(host, interfaces))) {
          const address = formatAddress(host, port);
          endpoints.set(address, { host, port });
          announced.set(address, { name, service });
        }
      }
      let heard = 0;
      const scanned = await gate.passAll([...endpoints.values()], signal, async (endpoint) => {
        const listening = await scan(endpoint, signal);
        if (listening) onProgress?.(++heard);
        return listening;
      });
      const found = scanned.filter((one) => one !== undefined);
      const recognize = recognizing(await devices.select({ all: true }), profiles, known);
      return found.map((one) => {
        const address = formatAddress(one.host, one.port);
        return { address, announced: announced.get(address) ?? null, ...keyOf(one), knownAs: recognize(one) };
      });
    },
  };
}

const neverAborted = new AbortController().signal;

const keyOf = ({ key }: Listening) => ({
  keyType: key ? keyTypeOf(key) : null,
  fingerprint: key ? fingerprintOf(key) : null,
});
