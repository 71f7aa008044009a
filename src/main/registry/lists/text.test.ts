import { expect, it } from 'vitest';
import { FormFault } from './form-fault.ts';
import { inPieces } from './test-rows.ts';
import { readText } from './text.ts';

async function read(source: Parameters<typeof readText>[0]): Promise<string> {
  let text = '';
  for await (const piece of readText(source)) text += piece;
  return text;
}
async function faultOf(bytes: Uint8Array) {
  const thrown = await read(inPieces(bytes, 64 * 1024)).catch((reason: unknown) => reason);
  if (thrown instanceof FormFault) return thrown.details;
  return expect.fail(`should have been refused: ${thrown}`);
}

const text = 'näme\ntwo 😀\n\n\nlast';
const swapped = (value: string) => Buffer.from(value, 'utf16le').swap16();

it.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte-order mark', Buffer.from(`\uFEFF${text}`)],
  ['UTF-16LE with a byte-order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16BE with a byte-order mark', swapped(`\uFEFF${text}`)],
  ['Windows line ends', Buffer.from(text.replaceAll('\n', '\r\n'))],
  ['old Mac line ends', Buffer.from(text.replaceAll('\n', '\r'))],
  ['UTF-16 and Windows line ends', Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le')],
])('reads %s, in pieces of any size', async (_what, bytes) => {
  for (const size of [1, 2, 3, 5, 7, 1000]) expect(await read(inPieces(bytes, size))).toBe(text);
});

it('reads text, with or without a byte-order mark', async () => {
  expect(await read(`\uFEFF${text}\r\n`)).toBe(`${text}\n`);
  expect(await read(inPieces(`\uFEFF${text}\r`, 1))).toBe(`${text}\n`);
  expect(await read('')).toBe('');
});

it.each([
  ['Windows-1252', Buffer.from('name\r\nok\r\nB\xFCro\r\n', 'latin1'), 3],
  ['a character cut off at the end', Buffer.from('a\nb\xE2\x82', 'latin1'), 2],
  ['UTF-16 without a byte-order mark', Buffer.from('name\n', 'utf16le'), 1],
  ['half a character in UTF-16', Buffer.from('\uFEFFa\nb\ud800c\n', 'utf16le'), 2],
])('refuses %s, naming the line and the fix', async (_what, bytes, line) => {
  expect(await faultOf(bytes)).toEqual([{ line, message: expect.stringContaining('CSV UTF-8') }]);
});

it('counts the lines of all pieces before a bad one', async () => {
  const bytes = Buffer.concat([Buffer.from('line ä\r\n'.repeat(20_000)), Buffer.from('\xE4\n', 'latin1')]);
  expect(await faultOf(bytes)).toEqual([expect.objectContaining({ line: 20_001 })]);
});

it('refuses a spreadsheet', async () => {
  expect(await faultOf(Buffer.from('PK\x03\x04...'))).toEqual([{ message: expect.stringContaining('spreadsheet') }]);
});
