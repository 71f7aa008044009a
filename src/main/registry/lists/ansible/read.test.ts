import { expect, it } from 'vitest';
import { devicesOf, faultsOf, rowsOf } from '../test-rows.ts';
import { isYaml } from './read.ts';

const read = (text: string) => devicesOf(text, 'ansible');
const faults = (text: string) => faultsOf(text, 'ansible');

const ini = `# bench
lonely ansible_host=192.0.2.9

[web]
www[01:02].example:2222 rack=4 note="two words" # here
db-a.example

[db]
db-[a:b].example ansible_port=22 ansible_user=root spare=True weight=1.5 zip=01234

[db:vars]
ansible_user=admin
rack=5
site=Bern hall 2

[backend:children]
db

[all:vars]
rack=1
ansible_ssh_private_key_file=~/.ssh/bench
`;
const yaml = `---
all:
  hosts:
    lonely: {ansible_host: 192.0.2.9}
  vars:
    rack: 1
    ansible_ssh_private_key_file: ~/.ssh/bench
  children:
    web:
      hosts:
        www[01:02].example:2222:
          rack: 4
          note: two words
        db-a.example:
    backend:
      children:
        db:
          hosts:
            db-[a:b].example:
              ansible_port: 22
              ansible_user: root
              spare: yes
              weight: 1.5
              zip: "01234"
          vars:
            ansible_user: admin
            rack: 5
            site: Bern hall 2
`;
const key = { sshIdentityFile: '~/.ssh/bench' };
const web = { rack: 4, note: 'two words', groups: ['web'], 'group:web': 'true', ...key };
const db = {
  ...{ rack: 5, site: 'Bern hall 2', spare: true, weight: 1.5, zip: '01234', sshUser: 'root', ...key },
  ...{ 'group:backend': 'true', 'group:db': 'true' },
};
const bench = [
  { name: 'lonely', address: '192.0.2.9', metadata: { rack: 1, ...key } },
  { name: 'www01.example', address: 'www01.example:2222', metadata: web },
  { name: 'www02.example', address: 'www02.example:2222', metadata: web },
  {
    name: 'db-a.example',
    address: 'db-a.example:22',
    metadata: { ...db, groups: ['backend', 'web', 'db'], 'group:web': 'true' },
  },
  { name: 'db-b.example', address: 'db-b.example:22', metadata: { ...db, groups: ['backend', 'db'] } },
];
const plain = (devices: Awaited<ReturnType<typeof read>>) =>
  devices.map(({ name, address, metadata }) => ({ name, address, metadata }));

it('takes an inventory in INI, with ranges, groups, variables and what Ansible makes of them', async () => {
  const devices = await read(ini);
  expect(plain(devices)).toEqual(bench);
  expect(devices.map(({ line }) => line)).toEqual([2, 5, 5, 6, 9]);
});

it('takes the same in YAML', async () => {
  const devices = await read(yaml);
  expect(plain(devices)).toEqual(bench);
  expect(devices.map(({ line }) => line)).toEqual([4, 11, 11, 14, 19]);
});

it.each([
  ['ini', 'h ansible_host=a ansible_port=22', 'a:22'],
  ['older names', 'h ansible_ssh_host=a ansible_ssh_port=22', 'a:22'],
  ['quotes', 'h ansible_host="a" ansible_port=\'22\'', 'a:22'],
  ['IPv6', 'h ansible_host=2001:db8::1 ansible_port=22', '[2001:db8::1]:22'],
  ['a port of the name, unless a variable gives one', 'h:23 ansible_port=22', 'h:22'],
  ['a name that is an address', '192.0.2.1', '192.0.2.1'],
  ['the last word about a host', '[a]\nh ansible_host=x\n[b]\nh ansible_host=y', 'y'],
  ['the group closest to the host', '[p:children]\nc\n[c]\nh\n[c:vars]\nansible_host=y\n[p:vars]\nansible_host=x', 'y'],
  ['YAML anchors', 'all:\n  vars: &v {ansible_port: 22}\n  hosts:\n    h: {<<: *v, ansible_host: a}', 'a:22'],
  ['a group of its own in YAML', 'web:\n  hosts:\n    h:\n', 'h'],
  ['JSON', '{"all":{"hosts":{"h":{"ansible_host":"a"}}}}', 'a'],
])('takes %s', async (_what, inventory, address) => {
  expect((await read(inventory)).map((device) => device.address)).toEqual([address]);
});

it.each([
  [
    'INI',
    'h ansible_password=x ansible_become_pass=x enable_pass=x snmp_community=x api_token=x vault_x=x wifi_psk=x apikey=x ok=1',
  ],
  ['INI groups', '[g]\nh\n[all:vars]\nansible_ssh_pass=x\nok=1\n[g:vars]\ndb_password=x'],
  [
    'YAML',
    'all:\n  hosts:\n    h:\n      ansible_become_password: x\n      note: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        6638\n      other: "$ANSIBLE_VAULT;1.1"\n      ok: 1\n',
  ],
])('leaves secrets out of %s', async (_what, inventory) => {
  const [device] = await read(inventory);
  const { groups: _groups, 'group:g': _g, ...metadata } = device?.metadata ?? {};
  expect(metadata).toEqual({ ok: 1 });
});

it('leaves out lists, mappings and empty values, and keeps what else is text', async () => {
  const text = 'h a="[1,2]" b="{\'x\':1}" c=None d={{other}} e=5x f="" g=-3 i=123456789012345678901234567890';
  expect((await read(text))[0]?.metadata).toEqual({
    d: '{{other}}',
    e: '5x',
    f: '',
    g: -3,
    i: '123456789012345678901234567890',
  });
  const inYaml = 'all: {hosts: {h: {a: [1], b: {x: 1}, c: null, d: 2026-01-01, e: .inf, f: on}}}';
  expect((await read(inYaml))[0]?.metadata).toEqual({ d: '2026-01-01', e: '.inf', f: true });
});

it('gives no metadata where the inventory says nothing', async () => {
  expect(await rowsOf('h', 'ansible')).toEqual([
    { line: 1, device: expect.objectContaining({ name: 'h', metadata: {} }), given: { name: 'h', address: 'h' } },
  ]);
});

it('says line by line what is wrong in INI', async () => {
  const text = `[web
[web:hosts]
ok
bad!name
h "open
h two words
h[3:1]
t ansible_host={{ip}}
p ansible_port=99999
[web:what]
[web:vars]
novalue
[web:children]
missing
two words
[mistyped:vars]
a=1
[x:children]
y
[y:children]
x
`;
  expect(await faults(text)).toEqual([
    { line: 1, message: expect.stringContaining('no section') },
    { line: 4, field: 'host', message: expect.stringContaining('bad!name') },
    { line: 5, message: expect.stringContaining('quote') },
    { line: 6, field: 'host', message: expect.stringContaining('"two" is no variable') },
    { line: 6, field: 'host', message: expect.stringContaining('"words" is no variable') },
    { line: 7, field: 'host', message: expect.stringContaining('smaller end') },
    { line: 8, field: 'ansible_host', message: expect.stringContaining('template') },
    { line: 9, field: 'host', message: expect.stringContaining('99999') },
    { line: 10, message: expect.stringContaining('no section') },
    { line: 12, message: expect.stringContaining('KEY=VALUE') },
    { line: 14, field: 'missing', message: expect.stringContaining('no group') },
    { line: 15, message: expect.stringContaining('one group') },
    { line: 16, field: 'mistyped', message: expect.stringContaining('no group') },
    { line: 18, field: 'children', message: expect.stringContaining('child of itself') },
  ]);
});

it('says line by line what is wrong in YAML', async () => {
  const text = `all:
  hosts:
    bad name:
    h[1:x]:
    ok: text
  host:
    x:
  children:
    - web
`;
  expect(await faults(text)).toEqual([
    { line: 3, field: 'host', message: expect.stringContaining('bad name') },
    { line: 4, field: 'host', message: expect.stringContaining('numbers or letters') },
    { line: 5, field: 'ok', message: expect.stringContaining('mapping') },
    { line: 6, field: 'host', message: expect.stringContaining('known are hosts, vars and children') },
    { line: 8, field: 'children', message: expect.stringContaining('mapping') },
  ]);
});

it.each([
  ['', 1, 'empty'],
  ['all:\n  hosts:\n    a: {b: c\n    d:\n', 4, 'not YAML'],
  ['all:\n  hosts:\n  \tx:\n', 3, 'not YAML'],
  ['---\n- a\n- b\n', 1, 'no inventory'],
  ['all:\n  children: &c\n    g:\n      children: *c\n', 3, 'nested deeper'],
  ['all: {hosts: *nowhere}', 1, 'stands for nothing'],
])('refuses %j', async (text, line, problem) => {
  expect(await faults(text)).toContainEqual(
    expect.objectContaining({ line, message: expect.stringContaining(problem) }),
  );
});

it('bounds what aliases of a short YAML stand for', async () => {
  const levels = Array.from({ length: 29 }, (_, level) =>
    level === 0 ? 'a0: &a0 {}' : `a${level}: &a${level} {children: {x: *a${level - 1}, y: *a${level - 1}}}`,
  );
  expect(await faults(levels.join('\n'))).toContainEqual({
    line: expect.any(Number),
    message: expect.stringContaining('repeats itself'),
  });
  const merges = Array.from({ length: 60 }, (_, level) =>
    level === 0 ? '  m0: &m0 {v: 1}' : `  m${level}: &m${level} {<<: *m${level - 1}, k${level}: 1}`,
  );
  expect(await faults(`all:\n  hosts:\n${merges.map((line) => `  ${line}`).join('\n')}`)).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('more than 50 deep') }),
  );
});

it('bounds what the ranges of a list stand for', async () => {
  const hosts = 'h[0:9999]\n'.repeat(120);
  expect(await faults(hosts)).toEqual([
    { line: 101, field: 'host', message: expect.stringContaining('over 1000000 hosts') },
  ]);
  const variables = Array.from({ length: 60 }, (_, index) => `v${index}=1`).join(' ');
  expect(await faults(`h[0:99999] ${variables}`)).toEqual([
    { line: 1, field: 'host', message: expect.stringContaining('over 5000000 variables') },
  ]);
  expect(await faults(`h${'[0:0]'.repeat(1_000)}`)).toEqual([
    { line: 1, field: 'host', message: expect.stringContaining('over 1000 characters') },
  ]);
});

it('bounds how deep groups of INI go', async () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => `[g${index}:children]\ng${index + 1}`).join('\n');
  for (const groups of [
    chain,
    chain
      .split(/\n(?=\[)/)
      .reverse()
      .join('\n'),
  ]) {
    expect(await faults(`${groups}\n[g20000]\nh`)).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('deeper than 1000') }),
    );
  }
});

it('says where a key of YAML is given twice', async () => {
  expect(await faults('all:\n  hosts:\n    a:\n    b:\n    a:\n')).toEqual([
    { line: 5, field: 'a', message: expect.stringContaining('twice') },
  ]);
});

it('keeps every digit of numbers in YAML', async () => {
  const [device] = await read('all: {hosts: {h: {serial: 12345678901234567890, small: 42}}}');
  expect(device?.metadata).toEqual({ serial: '12345678901234567890', small: 42 });
});

it('refuses a variable that metadata cannot hold', async () => {
  expect(await faults('ok\nh __proto__=x')).toEqual([
    { line: 2, field: '__proto__', message: expect.stringContaining('another name') },
  ]);
});

it.each([
  ['---\n', true],
  ['# all\n\nall:\n  hosts:', true],
  ['all: {}', true],
  ['"all":\n', true],
  ['[web]\na', false],
  ['host:22\n', false],
  ['host a=b:\n', false],
  ['\n\n; x\nhost', false],
])('tells by its text whether %j is YAML', (text, is) => {
  expect(isYaml(text)).toBe(is);
});
