import { expect, it } from 'vitest';
import { guessVersion } from './guess-version.ts';

it.each([
  ['fw-1.2.3.bin', '1.2.3'],
  ['gw_v2.5.1-rc1.tar.gz', '2.5.1-rc1'],
  ['openwrt-24.10.0-x86-64-generic.img.gz', '24.10.0'],
  ['1.10.deb', '1.10'],
  ['firmware.bin', ''],
  ['camera2.bin', ''],
  ['R12B.bin', ''],
])('finds in %s the version %j', (fileName, version) => {
  expect(guessVersion(fileName)).toBe(version);
});
