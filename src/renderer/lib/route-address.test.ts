import { describe, expect, it } from 'vitest';
import { parseRoute, queryOf, withQuery } from './route-address.ts';

describe('the address of a view', () => {
  it.each([
    ['', { view: 'devices' }],
    ['#/firmware', { view: 'firmware' }],
    ['#/devices?search=a/b', { view: 'devices' }],
    ['#/updates/u1?x=1', { view: 'update', id: 'u1' }],
    ['#/schedules/at%20night', { view: 'schedule', name: 'at night' }],
    ['#/updates/%', { view: 'update', id: '%' }],
    ['#/nowhere', { view: 'devices' }],
  ])('%j is a place', (fragment, place) => expect(parseRoute(fragment)).toEqual(place));

  it('carries what the view shows, whatever signs are in it', () => {
    const search = 'fw<2.1 location:"Hall 1 & 2" 100% ?=#/é';
    const address = withQuery(withQuery('#/devices', 'search', search), 'sort', '-lastSeen');
    expect(parseRoute(address)).toEqual({ view: 'devices' });
    expect(Object.fromEntries(queryOf(address))).toEqual({ search, sort: '-lastSeen' });
    expect(withQuery(withQuery(address, 'search', ''), 'sort', undefined)).toBe('#/devices');
  });

  it('of a page that has none yet is that of the devices', () => {
    expect(withQuery('', 'search', 'a')).toBe('#/devices?search=a');
  });
});
