import type { DeviceId, Sha256 } from '../../../shared/model/index.ts';

/** What is already known of a push when its sheet opens. */
export interface PushStart {
  file?: File | undefined;
  /** One of the library. */
  firmware?: Sha256;
  /** Further ones of the library, which are brought before it. */
  before?: Sha256[];
  /** In place of the devices that are ticked in the list. */
  ids?: DeviceId[];
  /** The login was refused, and another one is wanted. */
  changesLogin?: boolean;
}
