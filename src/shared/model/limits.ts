import { z } from 'zod';

/** Payload bytes a second. */
export const rateLimit = z.int().min(1_024, 'is under 1024 bytes a second').max(1e12);

/** What all pushes of this laptop together may take. */
export const limits = z.strictObject({ rateLimitBytesPerSecond: rateLimit.nullable() });
export type Limits = z.infer<typeof limits>;
