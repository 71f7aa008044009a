import { describe, expect, it } from 'vitest';
import { deviceFilter, deviceSelection, newDevice } from './index.ts';

const gateway = { name: 'gw', address: '192.0.2.1' };
const said = (given: object) => newDevice.safeParse({ ...gateway, ...given }).error?.issues[0]?.message;
const nested = (depth: number): object => (depth === 0 ? {} : { deeper: nested(depth - 1) });

describe('the metadata of a device', () => {
  it('may be nested a little, and is refused in words when it is nested more, however deep', () => {
    expect(said({ metadata: nested(7) })).toBeUndefined();
    expect(said({ metadata: nested(8) })).toMatch(/nested deeper than 8/);
    expect(said({ metadata: JSON.parse(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`) })).toMatch(/nested deeper/);
  });

  it('is refused with a key that would be dropped in silence', () => {
    expect(said({ metadata: JSON.parse('{"__proto__":1,"k":2}') })).toMatch(/"__proto__"/);
    expect(said({ metadata: JSON.parse('{"k":{"__proto__":{}}}') })).toMatch(/"__proto__"/);
  });
});

it.each(['one\ntwo', 'bell\u0007', 'half \ud800', 'next\u0085line'])('a name such as %j is refused', (name) => {
  expect(said({ name })).toMatch(/control character or a broken character/);
});

describe('a selection', () => {
  it.each<[string, object]>([
    ['an empty filter', {}],
    ['an empty search', { search: ' ' }],
    ['an empty version bound', { firmwareMin: '' }],
    ['no tag', { tags: {} }],
    ['nothing left out', { exceptIds: [] }],
    ['a tag whose key would be dropped', JSON.parse('{"tags":{"__proto__":"x"}}')],
  ])('of %s is refused, for it would find every device', (_, filter) => {
    expect(deviceSelection.safeParse({ filter }).success).toBe(false);
  });

  it('may leave out as many devices as one message holds', () => {
    const leaving = (count: number) => ({ exceptIds: Array.from({ length: count }, (_, index) => `d${index}`) });
    expect(deviceSelection.safeParse({ filter: leaving(10_000) }).success).toBe(true);
    expect(deviceSelection.safeParse({ filter: leaving(10_001) }).success).toBe(false);
  });

  it('of one firmware version is one of several', () => {
    expect(deviceFilter.parse({ firmwareVersion: '2.1' })).toEqual({ firmwareVersion: ['2.1'] });
    expect(deviceFilter.parse({ firmwareVersion: ['2.1', null] })).toEqual({ firmwareVersion: ['2.1', null] });
  });

  it('of a filter that narrows, of ids, or of all is taken', () => {
    for (const selection of [{ filter: { location: ['x'] } }, { filter: { ids: [] } }, { ids: ['a'] }, { all: true }]) {
      expect(deviceSelection.safeParse(selection).success).toBe(true);
    }
  });
});

it('a filter of endless words or tags is refused', () => {
  expect(deviceFilter.safeParse({ search: 'a '.repeat(200) }).success).toBe(false);
  const tags = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'v']));
  expect(deviceFilter.safeParse({ tags }).success).toBe(false);
});
