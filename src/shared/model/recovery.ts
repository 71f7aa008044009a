import { z } from 'zod';

/** What a Pushrod that stays open does with updates that it finds interrupted: waits for a word, or goes on by itself. */
export const recovery = z.strictObject({ interrupted: z.enum(['wait', 'resume']) });
export type Recovery = z.infer<typeof recovery>;
