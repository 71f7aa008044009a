import { describe, expect, it } from 'vitest';
import { whyNoFirmware, whyNotPushed } from './file-kind.ts';

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
    ['gateway.bin.minisig', 'drop both together'],
    ['Release notes.PDF', 'document'],
    ['board.webp', 'picture'],
  ])('is explained where it is none: %s', (name, why) => expect(whyNoFirmware({ name, size: 1 })).toContain(why));

  it('may be a signature where it comes with what it is for', () => {
    const files = (...names: string[]) => names.map((name) => ({ name, size: 1 }));
    expect(whyNotPushed(files('a.bin', 'a.bin.minisig'))).toBeUndefined();
    expect(whyNotPushed(files('a.bin.minisig'))).toContain('drop both together');
    expect(whyNotPushed(files('a.bin.minisig'), true)).toBeUndefined();
    expect(whyNotPushed(files('a.bin', 'devices.csv'))).toContain('drop it alone');
  });

  it('is explained where it is empty', () =>
    expect(whyNoFirmware({ name: 'gateway.bin', size: 0 })).toBe(
      '"gateway.bin" is empty; there is nothing to push in it.',
    ));
});
