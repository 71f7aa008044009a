import { z } from 'zod';

/** Some of an update's devices: a number of them, or a percentage of all. */
export const share = z.union([
  z.strictObject({ devices: z.int().min(0) }),
  z.strictObject({ percent: z.number().min(0).max(100) }),
]);
export type Share = z.infer<typeof share>;

/** As people write it: `25%`, or `4` devices. */
export function formatShare(given: Share): string {
  return 'percent' in given ? `${given.percent}%` : String(given.devices);
}
