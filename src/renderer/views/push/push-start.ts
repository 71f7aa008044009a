import type { DeviceId, Sha256 } from '../../../shared/model/index.ts';

/** A device of the list that files were dropped on. */
export interface DroppedOn {
  id: DeviceId;
  name: string;
}

/** What is already known of a push when its sheet opens. */
export interface PushStart {
  /** Several make a bundle. */
  files?: File[];
  /** Those of the library, in the order they are brought. */
  firmware?: Sha256[];
  /** In place of the devices that are ticked in the list. */
  ids?: DeviceId[];
  /** The only one of them, by its name. */
  onlyName?: string;
  /** The login was refused, and another one is wanted. */
  changesLogin?: boolean;
  /** The sheet was open before the page was loaded again: it goes on as it was left. */
  isKept?: boolean;
}
