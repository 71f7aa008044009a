import { posix } from 'node:path';
import type { SshFile } from '../delivery.ts';

/**
 * What a file is called on its way to its final path, all in the same directory: `NAME.<12 of the SHA-256>.part` while
 * it comes in, so that whoever sends the same firmware later finds it, and `NAME.<7 of it>-<4>.part`, a name of this
 * push alone and no longer than the other, from then on.
 */
export interface PartNames {
  directory: string;
  part: string;
  claimed: string;
  /** How the claimed names of the same firmware begin. */
  claimedStem: string;
  /** Whether a name in the directory is the claimed one of some push of the same firmware. */
  isClaimed(name: string): boolean;
}

/** @param nonce four hexadecimal digits */
export function partNamesOf(
  { remotePath, firmware }: Pick<SshFile, 'remotePath' | 'firmware'>,
  nonce: string,
): PartNames {
  const directory = posix.dirname(remotePath);
  const name = posix.basename(remotePath);
  const claimedStem = `${name}.${firmware.sha256.slice(0, 7)}-`;
  return {
    directory,
    part: posix.join(directory, `${name}.${firmware.sha256.slice(0, 12)}.part`),
    claimed: posix.join(directory, `${claimedStem}${nonce}.part`),
    claimedStem,
    isClaimed: (found) => found.startsWith(claimedStem) && /^[0-9a-f]{4}\.part$/.test(found.slice(claimedStem.length)),
  };
}
