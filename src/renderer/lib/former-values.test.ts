import { expect, it } from 'vitest';
import { type Device, newDevice } from '../../shared/model/index.ts';
import { formerValues, hasAll } from './former-values.ts';

const device = (id: string, fields: object) =>
  ({ ...newDevice.parse({ id, name: id, address: 'h', ...fields }), createdAt: '', updatedAt: '' }) as Device;

it('sets back what an edit changes, with one edit for all that had the same', () => {
  const devices = [
    device('a', { location: 'Hall 1' }),
    device('b', { location: null, model: 'M' }),
    device('c', { location: 'Hall 1', model: 'N' }),
  ];
  expect(formerValues(devices, { location: 'Hall 2' })).toEqual([
    { ids: ['a', 'c'], changes: { location: 'Hall 1' } },
    { ids: ['b'], changes: { location: null } },
  ]);
});

it('brings tags back as they were, and takes those away that there were not', () => {
  const devices = [device('a', { metadata: { rack: 4, old: { deep: [1] } } }), device('b', {})];
  expect(formerValues(devices, { setTags: { rack: '5' }, removeTags: ['old'] })).toEqual([
    { ids: ['a'], changes: { setTags: { rack: 4, old: { deep: [1] } } } },
    { ids: ['b'], changes: { removeTags: ['old', 'rack'] } },
  ]);
});

it.each([
  [{ location: 'Hall 2', model: null }, true],
  [{ location: 'Hall 1' }, false],
  [{ model: 'M' }, false],
  [{ setTags: { rack: 4, deep: [1] } }, true],
  [{ setTags: { rack: '4' } }, false],
  [{ removeTags: ['owner'] }, true],
  [{ removeTags: ['rack'] }, false],
])('tells by %j whether a device still has what it was given', (changes, isSame) =>
  expect(hasAll(device('a', { location: 'Hall 2', metadata: { rack: 4, deep: [1] } }), changes)).toBe(isSame),
);
