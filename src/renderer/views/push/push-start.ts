import type { DeviceId, Sha256 } from '../../../shared/model/index.ts';

/** What is already known of a push when its sheet opens. */
export interface PushStart {
  /** Several make a bundle. */
  files?: File[];
  /** Those of the library, in the order they are brought. */
  firmware?: Sha256[];
  /** In place of the devices that are ticked in the list. */
  ids?: DeviceId[];
  /** The login was refused, and another one is wanted. */
  changesLogin?: boolean;
}
