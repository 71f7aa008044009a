import type { SshJob } from '../delivery.ts';

/** Slowest hashing of a device that is still waited for, on top of the command timeout. */
const slowestHashBytesPerMs = 1_000;

/** How long the device may take over all bytes of the firmware by itself. */
export function wholeFileMs({ timeouts, firmware }: SshJob): number {
  return timeouts.commandMs + firmware.sizeBytes / slowestHashBytesPerMs;
}
