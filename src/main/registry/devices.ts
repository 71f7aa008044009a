import type {
  Device,
  DeviceFacets,
  DeviceFilter,
  DeviceId,
  DevicePage,
  DevicePageRequest,
  DevicePatch,
  DeviceSelection,
  ImportOptions,
  ImportResult,
  ListFormat,
  NewDevice,
  RegistryStatus,
  Removal,
  RemovalId,
} from '../../shared/model/index.ts';
import type { Claim } from './claims.ts';
import type { DeviceLeases } from './leases.ts';

/** Where a list comes from: its text, or a file of this laptop. */
export type ListSource = { content: string; fileName?: string | undefined } | { path: string };

export interface LongWork {
  signal?: AbortSignal | undefined;
  /** Told now and then how many devices are done. */
  onProgress?: ((devices: number) => void) | undefined;
}

/** The devices, for all other parts: the registry behind a thread of its own, so that no query holds up the core. */
export interface Devices {
  /** @throws PushrodError `CONFLICT` when the id, or the same name at the same address, is registered already */
  add(device: NewDevice): Promise<Device>;
  /** Adds devices, or updates those registered already. Returns how many are new. */
  register(devices: NewDevice[]): Promise<number>;
  /** @throws PushrodError `DEVICE_NOT_FOUND` */
  get(id: DeviceId): Promise<Device>;
  /** @throws PushrodError `DEVICE_NOT_FOUND` */
  update(id: DeviceId, changes: DevicePatch): Promise<Device>;
  /** Changes the fields given of all selected devices, or of none. @throws PushrodError `DEVICE_NOT_FOUND` */
  change(selection: DeviceSelection, changes: DevicePatch, work?: LongWork): Promise<number>;
  /** @throws PushrodError `DEVICE_NOT_FOUND` */
  remove(selection: DeviceSelection, work?: LongWork): Promise<Removal>;
  /** Undoes the last removal. @throws PushrodError `CONFLICT` */
  restore(removalId: RemovalId): Promise<number>;
  list(request: DevicePageRequest): Promise<DevicePage>;
  facets(filter: DeviceFilter): Promise<DeviceFacets>;
  /** All devices of a selection, by name. @throws PushrodError `DEVICE_NOT_FOUND` naming ids that are missing */
  select(selection: DeviceSelection): Promise<Device[]>;
  /**
   * Imports a list: all of it, or nothing.
   * @throws PushrodError `INVALID_INPUT` with line and field of every bad row; `CANCELLED`
   */
  import(source: ListSource, options: ImportOptions, work?: LongWork): Promise<ImportResult>;
  /** Writes the devices of a selection as a list, piece by piece. */
  export(
    format: Extract<ListFormat, 'csv' | 'json'>,
    selection: DeviceSelection,
    work?: LongWork,
  ): AsyncIterable<string>;
  /** Notes what was learned about a device; soon in the registry, unless it is gone. */
  note(id: DeviceId, learned: Pick<DevicePatch, 'status' | 'lastSeen' | 'firmwareVersion'>): void;
  leases: DeviceLeases;
  claim: Claim;
  status(): RegistryStatus;
  close(): Promise<void>;
}
