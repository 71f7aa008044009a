import { describe, expect, it } from 'vitest';
import { type SelectorFlags, selectionOf, tagsOf } from './selector.ts';

describe('selectionOf', () => {
  it.each<[SelectorFlags, object]>([
    [{ all: true }, { all: true }],
    [{ device: ['a', 'b'] }, { ids: ['a', 'b'] }],
    [{ status: ['online', 'unknown'] }, { filter: { status: ['online', 'unknown'] } }],
    [{ tag: ['rack=4', 'note=a=b'] }, { filter: { tags: { rack: '4', note: 'a=b' } } }],
    [{ tag: ['rack=4', 'note=', 'rack=4'] }, { filter: { tags: { rack: '4', note: '' } } }],
    [{ seenAfter: '2026-03-29T03:00:00+02:00' }, { filter: { seenAfter: '2026-03-29T01:00:00.000Z' } }],
  ])('reads %j', (flags, selection) => {
    expect(selectionOf(flags)).toEqual(selection);
  });

  it('does not guess when nothing is said', () => {
    expect(() => selectionOf({})).toThrow('Say which devices');
  });

  it.each<[SelectorFlags]>([
    [{ all: true, device: ['a'] }],
    [{ all: true, model: ['R12'] }],
    [{ device: ['a'], location: ['Roof'] }],
  ])('refuses the two ways of %j', (flags) => {
    expect(() => selectionOf(flags)).toThrow('one way only');
  });

  it.each<[SelectorFlags, string]>([
    [{ status: ['broken'] }, 'status'],
    [{ seenBefore: 'yesterday' }, 'seen-before'],
    [{ device: ['a/b'] }, 'device'],
    [{ tag: ['rack'] }, 'tag'],
    [{ tag: ['__proto__=x'] }, 'tag'],
    [{ tag: ['rack=4', 'rack=5'] }, 'tag'],
    [{ search: '' }, 'search'],
    [{ search: ' \t' }, 'search'],
    [{ firmwareVersion: '' }, 'firmware-version'],
    [{ firmwareMin: '' }, 'firmware-min'],
    [{ firmwareMax: '', model: ['R12'] }, 'firmware-max'],
    [{ location: ['Roof', ''] }, 'location'],
    [{ model: [''] }, 'model'],
  ])('names the flag that is wrong in %j', (flags, field) => {
    expect(() => selectionOf(flags)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: [expect.objectContaining({ field })] }),
    );
  });
});

it.each(['rack', '=4', ''])('takes %j for no tag', (text) => {
  expect(() => tagsOf([text])).toThrow('KEY=VALUE');
});
