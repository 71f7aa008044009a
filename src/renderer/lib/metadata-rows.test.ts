import { expect, it } from 'vitest';
import { patchOf, problemsOf, rowsOf } from './metadata-rows.ts';

const metadata = { rack: '4', slot: 2, deep: { list: [1, null] } };

it('come from metadata with texts as they are, and anything else as JSON', () => {
  expect(rowsOf(metadata)).toEqual([
    { key: 'rack', text: '4', isJson: false },
    { key: 'slot', text: '2', isJson: true },
    { key: 'deep', text: '{"list":[1,null]}', isJson: true },
  ]);
});

it('that were not changed change nothing', () => {
  expect(patchOf(metadata, rowsOf(metadata))).toBeUndefined();
});

it('set what is new or other, and take away what is gone', () => {
  const [rack, slot] = rowsOf(metadata);
  if (!rack || !slot) return expect.fail('rows are missing');
  const rows = [
    { ...rack, text: '5' },
    slot,
    { key: ' owner ', text: 'Ada', isJson: false },
    { key: '', text: '', isJson: false },
  ];
  expect(patchOf(metadata, rows)).toEqual({ setTags: { rack: '5', owner: 'Ada' }, removeTags: ['deep'] });
});

it('say what is wrong with each', () => {
  const row = (key: string, text: string, isJson = false) => ({ key, text, isJson });
  expect(
    problemsOf([row('a', '1'), row('', 'x'), row('a ', '2'), row('b', '{', true), row('', ''), row('c', 'null', true)]),
  ).toEqual([undefined, 'noKey', 'sameKey', 'notJson', undefined, undefined]);
});
