import { expect, it } from 'vitest';
import { versionIn } from '../version-in.ts';
import { plainVersion } from './version.ts';

it.each([
  ['{"version":"2.4.1","uptime":3}', undefined, '2.4.1'],
  ['2.4.1\n', undefined, '2.4.1'],
  ['{"firmware":{"rev":"R12B"}}', '"rev":"([^"]+)"', 'R12B'],
  ['kernel 6.1\nimage 7.0', '^image .*$', 'image 7.0'],
  ['{"uptime":3}', undefined, undefined],
  ['{broken', undefined, undefined],
  ['', undefined, undefined],
  ['nothing', '[0-9]+', undefined],
  ['v\u001b[31m1.0', 'v.*', 'v [31m1.0'],
  ['9'.repeat(300), '9+', '9'.repeat(200)],
])('the version in %j by the pattern %s is %s', (text, pattern, version) => {
  expect(versionIn(text, pattern, plainVersion)).toBe(version);
});
