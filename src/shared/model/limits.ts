import { z } from 'zod';

/** Devices that are worked on at the same time. */
export const concurrency = z.int().min(1).max(1_000);

/** Payload bytes a second. */
export const rateLimit = z.int().min(1_024, 'is under 1024 bytes a second').max(1e12);

/** What all pushes of this laptop together may take. */
export const limits = z.strictObject({
  /** `null` for no limit. */
  rateLimitBytesPerSecond: rateLimit.nullable(),
  /** Devices that are worked on at the same time; updates that run together share them evenly. */
  concurrency: concurrency.nullable().default(null),
});
export type Limits = z.infer<typeof limits>;
