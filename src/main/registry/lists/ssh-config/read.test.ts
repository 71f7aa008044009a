import { expect, it } from 'vitest';
import { devicesOf, faultsOf, rowsOf } from '../test-rows.ts';

const read = (text: string) => devicesOf(text, 'ssh-config');
const faults = (text: string) => faultsOf(text, 'ssh-config');

it('takes every alias as a device, with the settings ssh would use', async () => {
  const config = `# bench
User nobody-first
Host gw-1 gw-2   # two of a kind
  HostName %h.bench.example
  Port=2222
Host core
\tHostName 2001:db8::1
\tPort 22
\tIdentityFile ~/.ssh/core
Host *.example !gw-2 gw-*
  identityfile "~/my keys/bench"
  User late
Host *
  IdentityFile ~/.ssh/id
  ProxyJump jump.example:22
`;
  expect(await read(config)).toMatchObject([
    {
      line: 3,
      name: 'gw-1',
      address: 'gw-1.bench.example:2222',
      metadata: {
        sshUser: 'nobody-first',
        sshIdentityFile: ['~/my keys/bench', '~/.ssh/id'],
        sshProxyJump: 'jump.example:22',
      },
    },
    { line: 3, name: 'gw-2', metadata: { sshIdentityFile: '~/.ssh/id' } },
    {
      line: 6,
      name: 'core',
      address: '[2001:db8::1]:22',
      metadata: { sshIdentityFile: ['~/.ssh/core', '~/.ssh/id'] },
    },
  ]);
});

it.each([
  ['the alias as the address', 'Host gw.example', 'gw.example'],
  ['keywords in any case', 'HOST gw\nhostname 192.0.2.1', '192.0.2.1'],
  ['an equals sign', 'Host=gw\nHostName = 192.0.2.1', '192.0.2.1'],
  ['quotes', 'Host "gw"\nHostName "192.0.2.1"', '192.0.2.1'],
  ['the first value', 'Host gw\nHostName a\nHostName b\nHost *\nHostName c', 'a'],
  ['what stands before', 'HostName a\nHost gw\nHostName b', 'a'],
  ['? as one character', 'Host g?\nHostName a\nHost gw\nHostName b', 'a'],
  ['a dot as a dot', 'Host g.\nHostName a\nHost gw\nHostName b', 'b'],
  ['no block that negates it', 'Host * !gw\nHostName a\nHost gw\nHostName b', 'b'],
  ['a second block of the alias', 'Host gw\nUser x\nHost gw\nHostName b', 'b'],
  ['Match all', 'Host gw\nUser x\nMatch all\nHostName b', 'b'],
  ['Windows line ends', 'Host gw\r\n  HostName b\r\n', 'b'],
  ['%% as a percent sign', 'Host gw\nHostName fe80::1%%eth0', 'fe80::1%eth0'],
])('takes %s', async (_what, config, address) => {
  const devices = await read(config);
  expect(
    devices.filter(({ name }) => !name.includes('.') || name === address).map((device) => device.address),
  ).toContain(address);
});

it('takes no device from patterns, negations and no host at all', async () => {
  expect(await rowsOf('# nothing\n\nHost *\nUser x\nHost web? !web1\nPort 22\n', 'ssh-config')).toEqual([]);
  expect(await rowsOf('', 'ssh-config')).toEqual([]);
});

it('leaves out what ssh is told not to use, and gives no metadata where there is none', async () => {
  const [row] = await rowsOf('Host gw\nIdentityFile none\nProxyJump none\nForwardAgent yes\n', 'ssh-config');
  expect(row).toMatchObject({ device: { metadata: {} }, given: { name: 'gw', address: 'gw' } });
  expect(row).not.toHaveProperty('given.metadata');
});

it('says line by line what it does not follow or understand', async () => {
  const config = `Include ~/.ssh/config.d/*
Host a
  Include more
  Port abc
Match host b exec "touch /tmp/ran"
  HostName c
Host d
  HostName "open
Host
Host e
  HostName %k.example
= 5
Host f_/x
`;
  expect(await faults(config)).toEqual([
    { line: 1, field: 'Include', message: expect.stringContaining('not followed') },
    { line: 2, field: 'Host', message: expect.stringContaining('abc') },
    { line: 3, field: 'Include', message: expect.stringContaining('not followed') },
    { line: 5, field: 'Match', message: expect.stringContaining('not followed') },
    { line: 8, field: 'HostName', message: expect.stringContaining('quote') },
    { line: 9, field: 'Host', message: expect.stringContaining('no value') },
    { line: 10, field: 'HostName', message: expect.stringContaining('token') },
    { line: 12, message: expect.stringContaining('not a setting') },
    { line: 13, field: 'Host', message: expect.stringContaining('f_/x') },
  ]);
});

it('is done in time with any patterns, and refuses a file that multiplies hosts and patterns', async () => {
  expect(await read(`Host ${'*a'.repeat(28)}b\nUser x\nHost ${'a'.repeat(60)}\n`)).toMatchObject([{ line: 3 }]);
  const long = `Host *${'a'.repeat(100_000)}b\nHost ${'a'.repeat(200_000)}\n`;
  expect(await faults(long)).toEqual([
    { line: 2, field: 'Host', message: expect.stringContaining('over 200') },
    expect.anything(),
  ]);
  const many = Array.from({ length: 10_000 }, (_, index) => `h${index}`);
  const square = `Host ${many.map((name) => `${name}*`).join(' ')}\nHost ${many.join(' ')}\n`;
  expect(await faults(square)).toEqual([{ line: 2, message: expect.stringContaining('split the file') }]);
});
