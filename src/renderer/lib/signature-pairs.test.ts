import { describe, expect, it } from 'vitest';
import { withSignatures } from './signature-pairs.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));
const told = (...names: string[]) => {
  const { files, loose } = withSignatures(named(...names));
  return [files.map(({ file, signature }) => [file.name, signature?.name]), loose.map(({ name }) => name)];
};

describe('a signature that is dropped', () => {
  it('belongs to the file it is named after, in whatever order they come', () =>
    expect(told('a.bin.minisig', 'b.bin', 'a.bin', 'B.BIN.minisig')).toEqual([
      [
        ['b.bin', 'B.BIN.minisig'],
        ['a.bin', 'a.bin.minisig'],
      ],
      [],
    ]));

  it('belongs to the only file whatever its name', () =>
    expect(told('router.bin', 'release.minisig')).toEqual([[['router.bin', 'release.minisig']], []]));

  it('is left over where it is named after none of several, or comes alone', () => {
    expect(told('a.bin', 'b.bin', 'c.minisig')[1]).toEqual(['c.minisig']);
    expect(told('a.bin.minisig')).toEqual([[], ['a.bin.minisig']]);
  });
});
