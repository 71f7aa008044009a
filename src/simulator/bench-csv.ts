import type { Simulator } from './simulator.ts';

/** The bench as a list that `devices import` takes. */
export function benchCsv({ devices }: Pick<Simulator, 'devices'>): string {
  const rows = devices.map(({ name, address, firmwareVersion, location, model }) =>
    [name, address, firmwareVersion, location, model].join(),
  );
  return ['name,address,firmware_version,location,model', ...rows, ''].join('\n');
}
