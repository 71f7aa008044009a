import type { NewDevice } from '../../../shared/model/index.ts';

/** A device as a list gives it, before the check; what the list does not mention is `undefined`. */
export type DeviceValues = { [Field in keyof NewDevice]?: unknown };
export type DeviceField = keyof NewDevice;
