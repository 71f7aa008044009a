import type { ErrorDetail } from '../../shared/errors.ts';
import type {
  Device,
  DeviceFacets,
  DeviceFilter,
  DeviceId,
  DevicePage,
  DevicePageRequest,
  DevicePatch,
  DeviceSelection,
  ImportCounts,
  NewDevice,
  Removal,
  RemovalId,
} from '../../shared/model/index.ts';

/**
 * Where the devices are kept. Every adapter passes the same conformance tests (`test/conformance/device-registry.ts`). What changes several
 * devices changes all of them or none. Long work ends with the reason of `signal` when that aborts, and changes nothing.
 */
export interface DeviceRegistry {
  /** @throws PushrodError `DEVICE_NOT_FOUND` */
  get(id: DeviceId): Promise<Device>;
  /** @throws PushrodError `INVALID_INPUT` for a cursor that is not one of this sort */
  list(request: DevicePageRequest): Promise<DevicePage>;
  facets(filter: DeviceFilter): Promise<DeviceFacets>;
  /** The devices of a selection in batches, by name. @throws PushrodError `DEVICE_NOT_FOUND` naming ids that are missing */
  read(selection: DeviceSelection, signal?: AbortSignal): AsyncIterable<Device[]>;
  /** Adds rows as they come, if at the end none of them has a fault; faults are values, in the order of the rows. */
  put(rows: AsyncIterable<PutRow[]> | Iterable<PutRow[]>, options: PutOptions): Promise<PutResult>;
  /** Changes the fields given of every device selected. Returns how many. @throws PushrodError `DEVICE_NOT_FOUND` */
  change(selection: DeviceSelection, changes: DevicePatch, signal?: AbortSignal): Promise<number>;
  /** Removes every device selected, to be restored until the next removal. @throws PushrodError `DEVICE_NOT_FOUND` */
  remove(selection: DeviceSelection, signal?: AbortSignal): Promise<Removal>;
  /** Undoes a removal. Returns how many came back. @throws PushrodError `CONFLICT` when an id is taken again or it is gone */
  restore(removalId: RemovalId): Promise<number>;
}

/** A row to put: a checked device and the fields its source really gave, or what is wrong with it. */
export type PutRow =
  | {
      /** Line of the source it starts on; left out when there is none. */
      line?: number;
      device: NewDevice;
      /** All that an update changes: what the source does not mention stays. */
      given: DevicePatch;
      /** The id of a new device whose source gives none; made up when left out. */
      idIfNew?: DeviceId;
    }
  | { line?: number; faults: ErrorDetail[] };

export interface PutOptions {
  /**
   * What to do with a row whose device is registered already: one with its id, or, when it gives no id, one with its name
   * and address.
   */
  onConflict: 'fail' | 'skip' | 'update';
  /** Check and count, change nothing. */
  dryRun?: boolean;
  signal?: AbortSignal;
  /** Told now and then how many rows were taken in. */
  onProgress?: (rows: number) => void;
}

/** Nothing was changed when there are faults. */
export interface PutResult extends ImportCounts {
  faults: ErrorDetail[];
}

/** What an adapter is opened with besides its place. */
export interface RegistryContext {
  /** Milliseconds since the epoch. */
  now(): number;
  newId(): string;
  /** Called after each change, by this process or another. */
  onChange(): void;
}
