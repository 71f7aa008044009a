import type { SshJob } from '../delivery.ts';

/** Slowest hashing of a device that is still waited for, on top of the command timeout. */
const slowestHashBytesPerMs = 1_000;

/** How long the device may take over all bytes of a file by itself. */
export function wholeFileMs({ timeouts, files }: SshJob): number {
  const largestBytes = Math.max(...files.map(({ firmware }) => firmware.sizeBytes));
  return timeouts.commandMs + largestBytes / slowestHashBytesPerMs;
}
