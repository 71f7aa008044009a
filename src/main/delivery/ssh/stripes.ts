import type { Sftp } from './sftp.ts';

/** Of the 10 sessions that sshd allows on a connection (MaxSessions), commands need some. */
export const mostStripes = 8;

/** The remote file, opened on an SFTP channel of its own. */
export interface Stripe {
  sftp: Sftp;
  handle: Buffer;
}

/** The channels that carry one transfer. */
export interface Stripes {
  /** The channel with this number, opened when first asked for; `undefined` where there is none to be had. */
  get(index: number): Promise<Stripe | undefined>;
  /** Closes the file and the further channels, and waits until the device has freed them for commands. */
  close(): Promise<void>;
}

/**
 * Opens further channels beside the first. A device that refuses one (MaxSessions of sshd_config(5) may be 1, a small
 * device may have no memory for more) is not asked again.
 */
export function createStripes(first: Stripe, openFurther: () => Promise<Stripe>): Stripes {
  const further: Promise<Stripe | undefined>[] = [];
  let isRefused = false;

  const open = async (): Promise<Stripe | undefined> => {
    if (isRefused) return undefined;
    try {
      return await openFurther();
    } catch {
      isRefused = true;
      return undefined;
    }
  };
  const closeOne = async (opening: Promise<Stripe | undefined>) => {
    const stripe = await opening;
    await stripe?.sftp.close();
  };
  return {
    async get(index) {
      if (index === 0) return first;
      further[index - 1] ??= open();
      return further[index - 1];
    },
    async close() {
      await Promise.all([first.sftp.closeHandle(first.handle), Promise.allSettled(further.map(closeOne))]);
    },
  };
}
