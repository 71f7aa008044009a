import { expect, it } from 'vitest';
import { printable, printableLines, table } from './table.ts';

it('lines columns up under their headings', () => {
  expect(
    table(
      ['ID', 'NAME'],
      [
        ['a-long-id', 'x'],
        ['b', null],
      ],
    ),
  ).toBe('ID         NAME\na-long-id  x\nb          –');
});

it('lets no escape sequence of a device or a list reach the terminal', () => {
  const hostile = '\x1b[2Jname\r\n\x07\x9b31m';
  expect(printable(hostile)).not.toMatch(/\p{Cc}/u);
  expect(printableLines(hostile).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(printableLines('one\ntwo')).toBe('one\ntwo');
  expect(table(['NAME'], [[hostile]]).split('\n')).toHaveLength(2);
});
