import type {
  Device,
  DeviceId,
  DevicePage,
  DevicePageRequest,
  DevicePatch,
  DeviceSelection,
  NewDevice,
} from '../../shared/model/index.ts';

/** Where the devices are kept. Every adapter passes the same conformance tests. */
export interface DeviceRegistry {
  /** @throws PushrodError `CONFLICT` when the id is taken */
  add(device: NewDevice): Device;
  /** @throws PushrodError `DEVICE_NOT_FOUND` */
  get(id: DeviceId): Device;
  /** @throws PushrodError `DEVICE_NOT_FOUND` */
  update(id: DeviceId, changes: DevicePatch): Device;
  /** Removes all of the selection, or nothing. @throws PushrodError `DEVICE_NOT_FOUND` naming every id that is missing */
  remove(selection: DeviceSelection): number;
  list(request: DevicePageRequest): DevicePage;
  /** All devices of a selection, by name. @throws PushrodError `DEVICE_NOT_FOUND` naming every id that is missing */
  select(selection: DeviceSelection): Device[];
  has(id: DeviceId): boolean;
  /** Runs `work` so that all of its changes are kept, or, when it throws, none. */
  atomically<T>(work: () => T): T;
}
