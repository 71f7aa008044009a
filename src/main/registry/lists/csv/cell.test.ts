import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromCell, toCell } from './cell.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['+49', "'+49"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', '"\'\t=1"'],
  ['\r=1', '"\'\r=1"'],
  ['＝1', "'＝1"],
  ["'=1", "''=1"],
  ["''", "'''"],
  ['="001"', '"\'=""001"""'],
  ['plain', 'plain'],
  ['a=b', 'a=b'],
  ['say "hi"', '"say ""hi"""'],
  ['a;b', '"a;b"'],
  ['', ''],
])('writes %j as %j', (text, cell) => {
  expect(toCell(text)).toBe(cell);
});

it.each([
  ['="00123"', '00123'],
  ['="a ""b"""', 'a "b"'],
  ['=A1', '=A1'],
  ["'=A1", '=A1'],
  ["'quoted'", "'quoted'"],
  ["'", "'"],
  [' padded ', 'padded'],
])('reads %j as %j', (cell, text) => {
  expect(fromCell(cell)).toBe(text);
});

it('reads back whatever it writes', () => {
  const unit = fc.constantFrom('=', '+', '-', '@', "'", '"', ',', 'a', '＝', '0', ' ');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: 'grapheme' })), (content) => {
      const text = content.trim();
      const cell = toCell(text);
      const unquoted = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect(fromCell(unquoted)).toBe(text);
      expect(unquoted).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});
