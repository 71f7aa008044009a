import { expect, it } from 'vitest';
import type { Sha256 } from '../../../shared/model/index.ts';
import { partNamesOf } from './part-names.ts';

const firmware = { path: '', sizeBytes: 1, sha256: '0123456789abcdef'.repeat(4) as Sha256 };
const names = partNamesOf({ remotePath: '/srv/fw.bin', firmware }, 'beef');

it('keeps a file in the directory it goes to, under names that add 18 bytes at most', () => {
  expect(names).toMatchObject({
    directory: '/srv',
    part: '/srv/fw.bin.0123456789ab.part',
    claimed: '/srv/fw.bin.0123456-beef.part',
  });
  for (const path of [names.part, names.claimed]) expect(path.length - '/srv/fw.bin'.length).toBe(18);
});

it.each([
  ['fw.bin.0123456-0a1f.part', true],
  ['fw.bin.0123456789ab.part', false],
  ['fw.bin.7654321-0a1f.part', false],
  ['fw.bin.0123456-0a1f2.part', false],
  ['fw.bin', false],
])('tells whether %s is a name of some push alone: %s', (name, is) => {
  expect(names.isClaimed(name)).toBe(is);
});
