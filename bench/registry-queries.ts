import type { Devices } from '../src/main/registry/index.ts';
import { type DeviceFilter, type DeviceId, devicePageRequest } from '../src/shared/model/index.ts';
import { fleetDevice } from './registry-fleet.ts';

/** A query that is asked again and again, each time for something else. */
export interface Query {
  name: string;
  ask(devices: Devices, round: number): Promise<unknown>;
}

/** Rows of a page, as the table asks for them. */
const limit = 100;

/** What a technician's list asks, on a fleet of `count` devices. */
export function queriesOn(count: number): Query[] {
  const some = (round: number) => fleetDevice(Math.imul(round + 1, 7_919) % count);
  const page = (name: string, filter: (round: number) => DeviceFilter, more: object = {}): Query => ({
    name,
    ask: (devices, round) => devices.list(devicePageRequest.parse({ filter: filter(round), limit, ...more })),
  });
  const day = 24 * 3_600_000;
  return [
    { name: 'get by id', ask: (devices, round) => devices.get(some(round).id as DeviceId) },
    page('first page, by name', () => ({})),
    page('first page, by last seen', () => ({}), { sort: { field: 'lastSeen', descending: true } }),
    page('status', (round) => ({ status: [round % 2 === 0 ? 'offline' : 'online'] })),
    page('location', (round) => ({ location: [some(round).location] })),
    page('model', (round) => ({ model: [some(round).model] })),
    page('firmware version', (round) => ({ firmwareVersion: [some(round).firmwareVersion] })),
    page('firmware range, narrow', (round) => ({ firmwareMin: `2.${round % 20}`, firmwareMax: `2.${round % 20}.1` })),
    page('firmware range, half', (round) => ({ firmwareMin: `2.${round % 20}` })),
    page('tag, one in 40', (round) => ({ tags: { rack: some(round).rack } })),
    page('tag, unique', (round) => ({ tags: { serial: some(round).serial } })),
    page('seen within a day', (round) => ({
      seenAfter: new Date(Date.UTC(2026, 0, 1) + (round % 200) * day).toISOString(),
      seenBefore: new Date(Date.UTC(2026, 0, 2) + (round % 200) * day).toISOString(),
    })),
    page('status, location and version', (round) => ({
      status: ['offline'],
      location: [some(round).location],
      firmwareMin: '2',
    })),
    page('text, a serial number', (round) => ({ search: some(round).serial.slice(-6) })),
    page('text, an address', (round) => ({ search: some(round).address })),
    page('text, two words', (round) => ({ search: `${some(round).model} ${some(round).serial.slice(-5)}` })),
    page('text, in one of five', (round) => ({ search: `${some(round).name.split('-')[0]} ${round % 10}` })),
    page('text, two characters', (round) => ({ search: `${(round % 90) + 10}` })),
    { name: 'keyset page, half-way', ask: keysetHalfway(count) },
    page('offset page, half-way', () => ({}), { offset: Math.floor(count / 2) }),
    { name: 'facets', ask: (devices) => devices.facets({}) },
    { name: 'facets of one location', ask: (devices, round) => devices.facets({ location: [some(round).location] }) },
    { name: 'facets of a status', ask: (devices) => devices.facets({ status: ['offline'] }) },
  ];
}

function keysetHalfway(count: number): Query['ask'] {
  let after: Promise<string | null> | undefined;
  return async (devices) => {
    after ??= devices
      .list(devicePageRequest.parse({ limit: 1, offset: Math.floor(count / 2) }))
      .then(({ nextCursor }) => nextCursor);
    const cursor = await after;
    return devices.list(devicePageRequest.parse({ limit, after: cursor ?? undefined }));
  };
}
