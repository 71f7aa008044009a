import { seededBytes } from './seeded.ts';

/** What may be wrong with a device: it ends every connection at once, or refuses every login. */
export const faults = ['cut', 'login'] as const;
export type Fault = (typeof faults)[number];

/** Which share of the devices has which fault, from 0 to 1. */
export type FaultShares = Partial<Record<Fault, number>>;

/** The fault of a device, drawn from the seed: the same bench has the same faults. */
export function faultOf(shares: FaultShares, seed: number, index: number): Fault | undefined {
  let drawn = seededBytes(seed, index, 'fault').readUInt32BE(0) / 2 ** 32;
  for (const fault of faults) {
    drawn -= shares[fault] ?? 0;
    if (drawn < 0) return fault;
  }
  return undefined;
}
