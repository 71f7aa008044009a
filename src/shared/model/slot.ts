import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { device, deviceId } from './device.ts';
import { sha256 } from './firmware.ts';
import { pattern } from './pattern.ts';
import { profileName } from './profile-name.ts';
import { updateId } from './update.ts';

/** A place on the bench where one board after the other comes up at the same address. */
export const slot = z.strictObject({
  address: device.shape.address,
  /** How each board is logged in to and flashed. */
  profile: profileName,
  /** What a board is told apart by: its first line of output, such as a serial number or a MAC address. */
  identityCommand: z
    .string()
    .trim()
    .min(1, 'identityCommand is empty; name the command that prints the serial number, such as "cat /etc/serial"')
    .max(4_096),
  /** Its first group, else its whole match, instead of the first line. */
  identityPattern: pattern.optional(),
  /** What each board gets, as of a push; a slot without any cannot be started. */
  firmware: z.array(sha256).max(32).default([]),
});
export type Slot = z.infer<typeof slot>;

export const namedSlot = slot.extend({ name: profileName });
export type NamedSlot = z.infer<typeof namedSlot>;

/** `done` and `failed`: the board can be taken out. */
export const slotState = z.enum(['off', 'waiting', 'identifying', 'flashing', 'done', 'failed']);
export type SlotState = z.infer<typeof slotState>;

/** What happens at a slot. */
export const slotStatus = z.object({
  name: profileName,
  state: slotState,
  /** What the board that is there says it is, */
  serial: z.string().nullable(),
  /** and what it is registered as; `null` until that is known. */
  deviceId: deviceId.nullable(),
  updateId: updateId.nullable(),
  /** Boards since the slot was started. */
  flashed: z.int(),
  failed: z.int(),
  errorCode: z.enum(errorCodes).nullable(),
  message: z.string().nullable(),
  hint: z.string().nullable(),
});
export type SlotStatus = z.infer<typeof slotStatus>;
