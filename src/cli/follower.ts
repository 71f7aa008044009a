import type { DeviceUpdate, Update } from '../shared/model/index.ts';

/** Tells what happens to an update, in JSON or for people. */
export interface Follower {
  changed(update: Update, devices: DeviceUpdate[]): void;
  /** `versions` holds each device's firmware version, as far as the registry knows it. */
  ended(update: Update, devices: DeviceUpdate[], versions: ReadonlyMap<string, string | null>): void;
}
