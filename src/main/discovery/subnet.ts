import { BlockList } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { PushrodError } from '../../shared/errors.ts';
import { parseAddress } from '../../shared/model/index.ts';

export type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** 4096 addresses: a large factory hall, and a minute or two. */
const widestPrefix = 20;

/**
 * The IPv4 addresses of hosts in a subnet, in order. Only what lies in a subnet of this laptop's own interfaces is one to
 * look through.
 * @throws PushrodError `INVALID_INPUT`
 */
export function hostsOfSubnet(subnet: string, interfaces: Interfaces): string[] {
  const [, address = '', prefixText = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(subnet.trim()) ?? [];
  const prefix = Number(prefixText);
  if (address === '' || typeof parseAddress(address) === 'string' || prefix > 32) {
    throw refused(`"${subnet}" is not an IPv4 subnet; write it as 192.0.2.0/24`);
  }
  if (prefix < widestPrefix) {
    throw refused(`${subnet} has over ${2 ** (32 - widestPrefix)} addresses; name a part of it, such as ${address}/24`);
  }
  const size = 2 ** (32 - prefix);
  const first = Math.floor(toNumber(address) / size) * size;
  const last = first + size - 1;
  const own = ownSubnets(interfaces);
  if (!own.some(({ list }) => list.check(toAddress(first)) && list.check(toAddress(last)))) {
    const named = own.map(({ cidr }) => cidr).join(', ') || 'none';
    throw refused(`${subnet} is not a subnet of this laptop, which has ${named}`);
  }
  // The first address names the subnet and the last is its broadcast, where there is room for either (RFC 3021).
  const isWide = prefix < 31;
  const hosts = [];
  for (let host = isWide ? first + 1 : first; host <= (isWide ? last - 1 : last); host += 1)
    hosts.push(toAddress(host));
  return hosts;
}

/** Whether an IPv4 address is in a subnet of this laptop's own interfaces. */
export function isInOwnSubnet(address: string, interfaces: Interfaces): boolean {
  return ownSubnets(interfaces).some(({ list }) => list.check(address));
}

/** The IPv4 addresses of this laptop, one for each interface that leads to others. */
export function ownAddresses(interfaces: Interfaces): string[] {
  return Object.values(interfaces).flatMap(
    (found) => found?.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? [],
  );
}

function ownSubnets(interfaces: Interfaces): { cidr: string; list: BlockList }[] {
  const addresses = Object.values(interfaces).flatMap((found) => found ?? []);
  return addresses.flatMap(({ family, cidr }) => {
    if (family !== 'IPv4' || cidr === null) return [];
    const [network = '', prefix] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(network, Number(prefix), 'ipv4');
    return [{ cidr, list }];
  });
}

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const toAddress = (number: number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

function refused(message: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `subnet: ${message}.`, [{ field: 'subnet', message }]);
}
