import { z } from 'zod';

export const taskId = z.string().min(1).max(64).brand<'TaskId'>();
export type TaskId = z.infer<typeof taskId>;

/** Work that takes a while and can be cancelled. */
export const task = z.object({
  id: taskId,
  kind: z.enum(['import', 'export', 'edit', 'remove', 'check', 'discover']),
  /** Devices done, or found, so far. */
  devices: z.int(),
});
export type Task = z.infer<typeof task>;
