import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from './address.ts';

describe('parseAddress', () => {
  it.each([
    ['192.0.2.10', '192.0.2.10', undefined],
    ['192.0.2.10:2222', '192.0.2.10', 2222],
    ['plc-4.line.example', 'plc-4.line.example', undefined],
    ['plc_4:22', 'plc_4', 22],
    ['::1', '::1', undefined],
    ['[::1]', '::1', undefined],
    ['[fe80::1%eth0]:8022', 'fe80::1%eth0', 8022],
    [' gateway ', 'gateway', undefined],
  ])('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  it.each([
    ['', 'empty'],
    ['192.0.2.300', 'not a host name'],
    ['10.0.0', 'not a host name'],
    ['010.0.0.1', 'not a host name'],
    ['0x7f.1', 'not a host name'],
    [`fe80::1%${'x'.repeat(40)}`, 'not a host name'],
    ['host:022', 'port "022"'],
    ['host:0', 'port "0"'],
    ['host:65536', 'port "65536"'],
    ['host:ssh', 'port "ssh"'],
    ['[::1]:', 'port ""'],
    ['[host]:22', 'not a host name'],
    ['http://host/', 'without protocol'],
    ['a b', 'not a host name'],
    ['-oProxyCommand=x', 'not a host name'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(parseAddress(text)).toContain(problem);
  });

  it('reads back what formatAddress writes', () => {
    for (const [host, port] of [
      ['::1', 22],
      ['::1', undefined],
      ['a.example', 8022],
    ] as const) {
      expect(parseAddress(formatAddress(host, port))).toEqual({ host, port });
    }
  });
});
