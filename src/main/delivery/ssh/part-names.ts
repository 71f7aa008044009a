import { posix } from 'node:path';
import type { DeliveryJob } from '../delivery.ts';

/**
 * What a file is called on its way to its final path, all in the same directory: `NAME.<12 of the SHA-256>.part` while
 * it comes in, so that whoever sends the same firmware later finds it, and `NAME.<12>.<4>.part`, a name of this push
 * alone, from then on.
 */
export interface PartNames {
  directory: string;
  part: string;
  claimed: string;
  /** Whether a name in the directory is the claimed one of some push of the same firmware. */
  isClaimed(name: string): boolean;
}

/** @param nonce four hexadecimal digits */
export function partNamesOf(
  { remotePath, firmware }: Pick<DeliveryJob, 'remotePath' | 'firmware'>,
  nonce: string,
): PartNames {
  const directory = posix.dirname(remotePath);
  const stem = `${posix.basename(remotePath)}.${firmware.sha256.slice(0, 12)}.`;
  return {
    directory,
    part: posix.join(directory, `${stem}part`),
    claimed: posix.join(directory, `${stem}${nonce}.part`),
    isClaimed: (name) => name.startsWith(stem) && /^[0-9a-f]{4}\.part$/.test(name.slice(stem.length)),
  };
}
