import type { Simulator } from './simulator.ts';

/** The bench as a list that `devices import` takes. SSH devices have the default profile. */
export function benchCsv({ devices }: Pick<Simulator, 'devices'>): string {
  const rows = devices.map(({ name, address, firmwareVersion, location, model, transport }) =>
    [name, address, firmwareVersion, location, model, transport === 'http' ? 'http' : ''].join(),
  );
  return ['name,address,firmware_version,location,model,profile', ...rows, ''].join('\n');
}
