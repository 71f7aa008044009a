import type { DeviceSortField } from '../../../shared/model/index.ts';
import type { QueryFault, QueryKey } from '../../lib/device-query.ts';
import { count } from './count.ts';

const number = (value: number) => value.toLocaleString('en');

export const devices = {
  title: 'Devices',
  what: 'devices',
  details: 'Details',
  table: {
    label: 'Devices',
    total: (total: number) => count(total, 'device'),
    found: (total: number) => count(total, 'device matches', 'devices match'),
    none: (search: string) => `No device matches “${search}”.`,
    clearSearch: 'Clear the search',
    select: (name: string) => `Select ${name}`,
    selectList: 'Select all devices in the list',
    selectInSight: 'Select the rows in sight',
    loadingRow: 'Loading…',
    open: (name: string) => `Details of ${name}`,
    sortBy: 'Sort by',
    ascending: (column: string) => `${column}, ascending`,
    descending: (column: string) => `${column}, descending`,
  },
  search: {
    label: 'Search devices',
    placeholder: 'Name, address, location:Lab, fw<2.1 …',
    suggestions: 'Suggestions',
    devicesWith: (many: number) => number(many),
    keys: {
      status: 'online, offline or unknown',
      location: 'where it stands; location:- has none',
      model: 'what kind of device it is',
      fw: 'the version it runs: fw:2.1.0, fw<2.1, fw>=2.0',
      tag: 'its metadata: tag:rack=4',
      profile: 'how it is updated',
      seen: 'when it was last seen: seen<7d, seen>30d, seen<2026-07-01',
      id: 'its id in the list',
    } as Record<QueryKey, string>,
    faults: {
      unknownKey: (term: string) =>
        `“${term}” is left out: its first word is no key. Keys are status, location, model, fw, tag, profile, seen and id; in quotes it is looked for as it stands.`,
      noValue: (term: string) => `“${term}” has no value yet; location:Lab is one, location:- means that it has none.`,
      openQuote: (term: string) => `“${term}” is left out: its quotation mark is not closed.`,
      badStatus: (term: string) => `“${term}” is left out: a status is online, offline or unknown.`,
      badTag: (term: string) => `“${term}” is left out: a tag is written tag:rack=4.`,
      badId: (term: string) => `“${term}” is left out: an id has letters, digits, “.”, “_” and “-” only.`,
      badSeen: (term: string) =>
        `“${term}” is left out: write seen<7d for seen within seven days, seen>7d for longer ago (m, h, d, w), or seen<2026-07-01.`,
      noOrder: (term: string) => `“${term}” is left out: only fw and seen have a before and after; here it is a colon.`,
      twice: (term: string) => `“${term}” is left out: it was said before, and a device can hold only one of the two.`,
      tooMany: (term: string) =>
        `“${term.slice(0, 40)}” and what follows is left out: a search holds 20 words and 50 tags.`,
    } as Record<QueryFault, (term: string) => string>,
  },
  columns: {
    button: 'Columns',
    title: 'Columns of the list',
    about: 'On a column’s title, Shift with ← → sizes it, Ctrl with ← → moves it. Titles can be dragged, too.',
    tags: 'Tags',
    reset: 'As they were at first',
    earlier: (column: string) => `Move ${column} to the front`,
    later: (column: string) => `Move ${column} to the back`,
    width: (column: string) => `Width of ${column}`,
    names: {
      name: 'Name',
      status: 'Status',
      address: 'Address',
      model: 'Model',
      firmwareVersion: 'Firmware',
      location: 'Location',
      lastSeen: 'Last seen',
      profile: 'Profile',
      createdAt: 'Added',
      updatedAt: 'Changed',
      id: 'Id',
    } as Record<DeviceSortField, string>,
  },
  facets: {
    button: 'Filters',
    title: 'Filters',
    none: 'none',
    more: (many: number) => `${number(many)} more`,
    fewer: 'Fewer',
    beyond: (many: number) => `and ${number(many)} more; search for them`,
    devices: (many: number) => number(many),
  },
  selection: {
    selected: (many: number) => `${number(many)} selected`,
    hidden: (many: number, hidden: number) => `${number(many)} selected, ${number(hidden)} not shown`,
    allInSight: (rows: number) =>
      rows === 1 ? 'The row in sight is selected.' : `All ${number(rows)} rows in sight are selected.`,
    chooseAll: (total: number) => `Select all ${number(total)}`,
    chooseMatching: (total: number) => `Select all ${number(total)} that match`,
    all: (total: number) =>
      total === 1 ? 'The one device is selected.' : `All ${count(total, 'device')} are selected.`,
    allMatching: (total: number) =>
      total === 1 ? 'The one that matches is selected.' : `All ${number(total)} that match are selected.`,
    allBut: (chosen: number, total: number) =>
      `${number(chosen)} of ${count(total, 'device')} are selected, ${number(total - chosen)} left out.`,
    matchingBut: (chosen: number, total: number) =>
      `${number(chosen)} of the ${number(total)} that match are selected, ${number(total - chosen)} left out.`,
    tooManyLeftOut: (most: number) =>
      `Only ${number(most)} can be left out one by one; search for those that are meant.`,
    clear: 'Clear selection',
  },
};
