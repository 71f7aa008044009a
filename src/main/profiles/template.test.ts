import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DeviceId, Sha256 } from '../../shared/model/index.ts';
import { expandCommand, expandHeader, expandPath, expandUrlPath, type TemplateValues } from './index.ts';

const values: TemplateValues = {
  device: { id: 'gw-1' as DeviceId, name: "Bob's gateway", model: null, metadata: { rack: 4, slot: 'a/b' } },
  firmware: { fileName: 'fw 1.bin', version: '', sha256: 'f'.repeat(64) as Sha256, sizeBytes: 42 },
  remotePath: '/tmp/fw 1.bin',
};

it('fills in what it knows and leaves shell syntax alone', () => {
  const template = 'flash {remotePath} --size {firmware.size} --rack {device.metadata.rack} ${HOME} {a,b}';
  expect(expandCommand(template, values)).toBe("flash '/tmp/fw 1.bin' --size '42' --rack '4' ${HOME} {a,b}");
});

it('gives any value to the shell as one word, unchanged', () => {
  const word = fc
    .string({ unit: 'binary' })
    .filter((text) => text !== '' && !text.includes('\0') && text.isWellFormed());
  fc.assert(
    fc.property(word, (name) => {
      const command = expandCommand('printf %s {device.name}', { ...values, device: { ...values.device, name } });
      expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(name);
    }),
    { numRuns: 50 },
  );
});

it.each([
  ['{firmware.version}', 'is empty'],
  ['{device.model}', 'is empty'],
  ['{device.metadata.nothing}', 'is empty'],
  ['{device.metadata.constructor}', 'is empty'],
  ['{firmware.colour}', 'not a known placeholder'],
])('refuses %s where it has no value', (template, problem) => {
  expect(() => expandCommand(template, values)).toThrowError(problem);
});

it.each([
  ['/srv/{device.metadata.slot}/fw', 'one path segment'],
  ['/srv/', 'names a directory'],
  ['/srv/a\nb', 'line break'],
  [`/srv/${'é'.repeat(119)}`, 'over the 237'],
])('refuses the path %j', (template, problem) => {
  expect(() => expandPath(template, values)).toThrowError(problem);
});

it('does not let a value climb out of its directory', () => {
  const climbing = { ...values, device: { ...values.device, name: '..' } };
  expect(() => expandPath('/srv/{device.name}/fw', climbing)).toThrowError('one path segment');
});

it('percent-encodes a value of a URL as one segment, and leaves the template itself alone', () => {
  const named = { ...values, device: { ...values.device, name: 'a/b?c=d#é %' } };
  expect(expandUrlPath('/up/{device.name}?to={device.metadata.rack}&x=%20', named)).toBe(
    '/up/a%2Fb%3Fc%3Dd%23%C3%A9%20%25?to=4&x=%20',
  );
  const climbing = { ...values, device: { ...values.device, name: '..' } };
  expect(() => expandUrlPath('/{device.name}/fw', climbing)).toThrowError('one path segment');
});

it('does not let a value begin another header', () => {
  const splitting = { ...values, device: { ...values.device, name: 'a\r\nX-Admin: yes' } };
  expect(() => expandHeader('for {device.name}', splitting)).toThrowError('line breaks');
  expect(expandHeader('for {device.name}', values)).toBe("for Bob's gateway");
});
