import type { DeviceRegistry, PutOptions, PutRow } from '../../src/main/registry/index.ts';
import {
  type Device,
  type DeviceFilter,
  type DevicePage,
  devicePageRequest,
  newDevice,
} from '../../src/shared/model/index.ts';

/** A row to put, of the fields given. */
export function rowOf(given: object, line: number): PutRow {
  const device = newDevice.parse({ address: '192.0.2.1', ...given });
  const { id: _, ...fields } = device;
  const named = Object.entries(fields).filter(([field]) => field in given);
  return { line, device, given: Object.fromEntries(named) };
}

/** What the tests ask of a registry, in few words. */
export function callsOf(registry: DeviceRegistry) {
  const page = (request: object = {}) => registry.list(devicePageRequest.parse(request));
  const read = async (selection: Parameters<DeviceRegistry['read']>[0]) => {
    const found: Device[] = [];
    for await (const batch of registry.read(selection)) found.push(...batch);
    return found;
  };
  return {
    put: (rows: object[], options: Partial<PutOptions> = {}) =>
      registry.put([rows.map((given, index) => rowOf(given, index + 1))], { onConflict: 'fail', ...options }),
    page,
    read,
    everything: () => read({ all: true }),
    namesOf: async (filter: DeviceFilter) => (await page({ filter })).devices.map(({ name }) => name),
  };
}

export const idsOf = ({ devices }: DevicePage) => devices.map(({ id }) => id);
