import { expect, it } from 'vitest';
import { formatOf } from './list-format.ts';

it.each([
  ['devices.csv', '', 'csv'],
  ['DEVICES.TSV', '', 'csv'],
  ['devices.json', '', 'json'],
  ['devices.ndjson', '', 'json'],
  ['devices.jsonl', '', 'json'],
  ['bench.ini', '', 'ansible'],
  ['bench.yml', '', 'ansible'],
  ['bench.yaml', '', 'ansible'],
  ['/home/me/.ssh/config', '', 'ssh-config'],
  ['C:\\Users\\me\\.ssh\\config', '', 'ssh-config'],
  ['/etc/ansible/hosts', '', 'ansible'],
  ['inventory', '', 'ansible'],
  ['-', '[{"name":"a"}]', 'json'],
  ['-', '[\n  {"name":"a"}]', 'json'],
  ['-', ' {"devices":[]}', 'json'],
  ['-', '# bench\n[web]\nwww1', 'ansible'],
  ['-', '---\nall:', 'ansible'],
  ['-', 'all:\n  hosts:', 'ansible'],
  ['-', '# mine\nHost gw\n  HostName x', 'ssh-config'],
  ['-', 'ForwardAgent no\nHost gw', 'ssh-config'],
  ['-', 'Name;IP address\nx;y', 'csv'],
  ['list.txt', '\uFEFF"name","address"\r\n', 'csv'],
  ['-', 'sep=;\nwhat;ever', 'csv'],
  ['-', '"sep=;"\nwhat;ever', 'csv'],
  ['-', Buffer.from('\uFEFFname\taddress\n', 'utf16le'), 'csv'],
  ['-', Buffer.from('name,address\n'), 'csv'],
  ['list.constructor', 'name,address\n', 'csv'],
  ['__proto__', '', undefined],
  ['-', '', undefined],
  ['firmware.bin', Buffer.from([0, 1, 2, 3]), undefined],
  ['notes.txt', 'some words, and others', undefined],
] as const)('takes %j that starts with %j for %s', (name, start, format) => {
  expect(formatOf(name, start)).toBe(format);
});
