import { seededChoice } from './seeded.ts';

/** What a simulated device says of itself. */
export interface DeviceIdentity {
  name: string;
  model: string;
  location: string;
  firmwareVersion: string;
}

/** All of them run something that a first release is newer than, so that it goes to each. */
const kinds: readonly [Kind, ...Kind[]] = [
  { name: 'gateway', models: ['EdgeLink 210', 'EdgeLink 410'], versions: ['0.4.1', '0.5.0', '0.5.3'] },
  { name: 'camera', models: ['Sentry D2', 'Sentry Dome 4K'], versions: ['0.18.0', '0.20.2'] },
  { name: 'plc', models: ['Logix L30', 'Logix L55'], versions: ['v0.9.1', 'v0.9.2-rc1'] },
  { name: 'router', models: ['Trail RX1', 'Trail RX3'], versions: ['0.23.5', '0.24.1'] },
];
const locations = ['Hall 1', 'Hall 2', 'Line A', 'Line B', 'Gatehouse', 'Roof'] as const;

interface Kind {
  name: string;
  models: readonly [string, ...string[]];
  versions: readonly [string, ...string[]];
}

/** The device at a place of the bench. Kinds take turns, so that a small bench has each of them. */
export function identityOf(seed: number, index: number): DeviceIdentity {
  const kind = kinds[index % kinds.length] ?? kinds[0];
  const number = Math.floor(index / kinds.length) + 1;
  return {
    name: `${kind.name}-${String(number).padStart(2, '0')}`,
    model: seededChoice(kind.models, seed, index, 'model'),
    location: seededChoice(locations, seed, index, 'location'),
    firmwareVersion: seededChoice(kind.versions, seed, index, 'version'),
  };
}
