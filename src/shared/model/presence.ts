import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { device } from './device.ts';

/** What a check saw of a device. */
export const checkedDevice = device
  .pick({ id: true, name: true, address: true, status: true, lastSeen: true, firmwareVersion: true })
  .extend({
    /** Why it cannot be reached; or, where it is online, why it did not tell its version. */
    errorCode: z.enum(errorCodes).optional(),
    message: z.string().optional(),
  });
export type CheckedDevice = z.infer<typeof checkedDevice>;

export const devicesChecked = z.object({ devices: z.array(checkedDevice), online: z.int(), offline: z.int() });
export type DevicesChecked = z.infer<typeof devicesChecked>;

const dayMs = 86_400_000;

/** How long Pushrod, while it is open, lets pass before it looks again which devices can be reached; `null` for ever. */
export const presenceSettings = z.strictObject({
  intervalMs: z
    .int()
    .min(10_000, 'is under 10 s')
    .max(7 * dayMs, 'is over 7 days')
    .nullable(),
});
export type PresenceSettings = z.infer<typeof presenceSettings>;
