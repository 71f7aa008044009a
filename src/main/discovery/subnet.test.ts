import { expect, it } from 'vitest';
import { hostsOfSubnet, type Interfaces, isInOwnSubnet, ownAddresses } from './subnet.ts';

const ipv4 = (cidr: string, internal = false) => ({
  ...{ address: cidr.split('/')[0] ?? '', netmask: '', mac: '', internal, cidr },
  family: 'IPv4' as const,
});
const interfaces: Interfaces = {
  lo: [ipv4('127.0.0.1/8', true)],
  eth0: [ipv4('192.168.4.7/22')],
  tun0: [ipv4('10.9.0.2/32')],
};

it.each([
  ['192.168.4.0/24', 254, '192.168.4.1', '192.168.4.254'],
  ['192.168.7.255/24', 254, '192.168.7.1', '192.168.7.254'],
  ['192.168.4.0/22', 1022, '192.168.4.1', '192.168.7.254'],
  ['127.0.0.0/20', 4094, '127.0.0.1', '127.0.15.254'],
  ['127.0.0.2/32', 1, '127.0.0.2', '127.0.0.2'],
  ['127.0.0.2/31', 2, '127.0.0.2', '127.0.0.3'],
  ['10.9.0.2/32', 1, '10.9.0.2', '10.9.0.2'],
])('%s has %i hosts, from %s to %s', (subnet, count, first, last) => {
  const hosts = hostsOfSubnet(subnet, interfaces);
  expect([hosts.length, hosts[0], hosts.at(-1)]).toEqual([count, first, last]);
  expect(new Set(hosts).size).toBe(count);
});

it.each([
  ['127.0.0.0/19', 'over 4096 addresses'],
  ['192.168.0.0/21', 'not a subnet of this laptop, which has 127.0.0.1/8, 192.168.4.7/22, 10.9.0.2/32'],
  ['8.8.8.0/24', 'not a subnet of this laptop'],
  ['10.9.0.0/24', 'not a subnet of this laptop'],
  ['192.168.4.0/33', 'not an IPv4 subnet'],
  ['192.168.4.999/24', 'not an IPv4 subnet'],
  ['192.168.4.0', 'not an IPv4 subnet'],
  ['fe80::/64', 'not an IPv4 subnet'],
  ['', 'not an IPv4 subnet'],
])('%s is refused: %s', (subnet, why) => {
  expect(() => hostsOfSubnet(subnet, interfaces)).toThrowError(
    expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(why) }),
  );
});

it("an announced address is of this laptop's network, or it is not tried", () => {
  const announced = ['192.168.7.9', '192.168.8.1', '8.8.8.8', '10.9.0.2'];
  expect(announced.filter((address) => isInOwnSubnet(address, interfaces))).toEqual(['192.168.7.9', '10.9.0.2']);
});

it('listens on each interface that leads to others', () => {
  expect(ownAddresses(interfaces)).toEqual(['192.168.4.7', '10.9.0.2']);
});
