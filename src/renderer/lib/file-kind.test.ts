import { describe, expect, it } from 'vitest';
import { whyNoFirmware } from './file-kind.ts';

describe('a file that was dropped', () => {
  it.each(['gateway-2.6.0.bin', 'rootfs.tar.gz', 'app.swu', 'u-boot.img', 'config.json', 'firmware', 'part.hex'])(
    'is taken where it may be firmware: %s',
    (name) => expect(whyNoFirmware({ name, size: 1 })).toBeUndefined(),
  );

  it.each([
    ['gateway.bin.crdownload', 'has not finished'],
    ['gateway.bin.sha256', 'checksums'],
    ['SHA256SUMS', 'checksums'],
    ['gateway.bin.asc', 'signature'],
    ['devices.csv', 'is a list'],
    ['Release notes.PDF', 'document'],
  ])('is explained where it is none: %s', (name, why) => expect(whyNoFirmware({ name, size: 1 })).toContain(why));

  it('is explained where it is empty', () =>
    expect(whyNoFirmware({ name: 'gateway.bin', size: 0 })).toBe(
      '"gateway.bin" is empty; there is nothing to push in it.',
    ));
});
