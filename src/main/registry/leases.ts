import type { DeviceId } from '../../shared/model/index.ts';

/** Lets one bench at a time push to a device, when several share a registry. */
export interface DeviceLeases {
  /**
   * Takes the lease of a device, or says which bench has it. A lease is renewed until it is released; when its bench
   * dies it expires.
   */
  acquire(id: DeviceId): Promise<Lease | { heldBy: string }>;
  /** The devices that others hold now, each with its bench. */
  heldElsewhere(): Promise<ReadonlyMap<DeviceId, string>>;
}

export interface Lease {
  /** Aborts when the lease could not be renewed in time: another bench may take the device from then on. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/** The data folder's own registry has one user, and `updates` lets one update at a time work on a device. */
export const aloneLeases: DeviceLeases = {
  acquire: async () => ({ lost: new AbortController().signal, release: async () => undefined }),
  heldElsewhere: async () => new Map(),
};
