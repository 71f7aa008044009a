import { describe, expect, it } from 'vitest';
import { readList } from './read-list.ts';

const file = (...parts: BlobPart[]) => new File(parts, 'list.csv');

describe('a list that is imported', () => {
  it('is read as UTF-8, with or without a byte order mark', async () => {
    expect(await readList(file('name,address\nGerät,192.0.2.1\n'))).toEqual({
      content: 'name,address\nGerät,192.0.2.1\n',
    });
    expect(await readList(file('\ufeffname'))).toEqual({ content: 'name' });
  });

  it.each([
    ['little', [0xff, 0xfe, 0x47, 0, 0xe4, 0, 0x0a, 0]],
    ['big', [0xfe, 0xff, 0, 0x47, 0, 0xe4, 0, 0x0a]],
  ])('is read as UTF-16 with a byte order mark, the %s end first', async (_, bytes) => {
    expect(await readList(file(new Uint8Array(bytes)))).toEqual({ content: 'Gä\n' });
  });

  it.each([
    ['Latin-1', new Uint8Array([0x47, 0x65, 0x72, 0xe4, 0x74])],
    ['UTF-16 that is cut off', new Uint8Array([0xff, 0xfe, 0x6e, 0x00, 0x6e])],
  ])('is refused as %s, rather than taken with its letters broken', async (_, bytes) => {
    expect(await readList(file(bytes))).toMatchObject({
      failure: { message: '"list.csv" is not text in UTF-8.', hint: expect.stringContaining('CSV UTF-8') },
    });
  });

  it.each([
    ['as a file', 17 * 1024 * 1024, 'a'],
    ['as a message', 9 * 1024 * 1024, '"'],
  ])('is refused when too large %s', async (_, length, character) => {
    expect(await readList(file(character.repeat(length)))).toMatchObject({
      failure: { message: '"list.csv" is too large to import.' },
    });
  });
});
