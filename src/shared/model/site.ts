import { z } from 'zod';
import { locationName } from './device.ts';
import { blackout } from './window.ts';
import { zone } from './zone.ts';

/** A place where devices stand, as their `location` names it. */
export const site = z.strictObject({
  location: locationName,
  /** The clock on its wall. */
  zone,
  /** Days on which nothing is begun or activated there. */
  blackouts: z.array(blackout).max(5_000).default([]),
});
export type Site = z.infer<typeof site>;
