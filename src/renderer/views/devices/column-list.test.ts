import { describe, expect, it } from 'vitest';
import type { Device } from '../../../shared/model/index.ts';
import { firstColumns, readColumns, tagText, trackOf } from './column-list.ts';

const keysOf = (stored: unknown) => readColumns(JSON.stringify(stored)).map(({ key }) => key);

describe('the columns that were remembered', () => {
  it.each([null, '', 'no JSON', '{}', '[1, null]', '[{"key":"nonsense","isShown":true,"widthPx":null}]'])(
    'are the first ones where %j was stored',
    (stored) => expect(readColumns(stored)).toEqual(firstColumns()),
  );

  it('keep their order, and fields that are new come behind', () => {
    const stored = [
      { key: 'model', isShown: true, widthPx: 200 },
      { key: 'tag:rack', isShown: true, widthPx: null },
      { key: 'model', isShown: false, widthPx: null },
    ];
    expect(keysOf(stored).slice(0, 4)).toEqual(['model', 'tag:rack', 'name', 'status']);
    expect(keysOf(stored)).toHaveLength(firstColumns().length + 1);
  });

  it('always show the name', () => {
    const [first] = readColumns(JSON.stringify([{ key: 'name', isShown: false, widthPx: null }]));
    expect(first).toEqual({ key: 'name', isShown: true, widthPx: null });
  });

  it.each([3, 100_000, '200px'])('are not %j wide', (widthPx) => {
    expect(readColumns(JSON.stringify([{ key: 'model', isShown: true, widthPx }]))).toEqual(firstColumns());
  });
});

it('a column shares the room until it is sized', () => {
  expect(trackOf({ key: 'tag:rack', isShown: true, widthPx: null })).toMatch(/^minmax\(\d+px, 1fr\)$/);
  expect(trackOf({ key: 'name', isShown: true, widthPx: 150 })).toBe('150px');
});

it.each([
  ['rack', '4'],
  ['slot', '2'],
  ['ports', '[1,2]'],
  ['nothing', undefined],
  ['constructor', undefined],
])('of the tag %s a column shows %j', (name, text) => {
  const device = { metadata: { rack: '4', slot: 2, ports: [1, 2], nothing: null } } as unknown as Device;
  expect(tagText(device, name)).toBe(text);
});
