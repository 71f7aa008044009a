import { PushrodError } from '../../shared/errors.ts';
import {
  compareVersions,
  type Device,
  type Firmware,
  type PushRequest,
  type Schedule,
} from '../../shared/model/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import type { Devices } from '../registry/index.ts';
import { namesModel } from '../updates/index.ts';

/** What one run of a schedule pushes, and which devices it found nothing for. */
export interface Pushes {
  requests: PushRequest[];
  /** In words; `undefined` where there is something for each. */
  leftOut: string | undefined;
}

interface PushSources {
  devices: Pick<Devices, 'select'>;
  firmware: Pick<FirmwareStore, 'list'>;
}

/** One push for each firmware. @throws PushrodError `FIRMWARE_NOT_FOUND` where the library has none for any device */
export async function pushesOf(
  { devices, firmware }: PushSources,
  { push, windows, blackouts }: Schedule,
  name: string,
): Promise<Pushes> {
  const common = { ...push, name: push.name ?? name, windows, blackouts };
  if (push.firmware !== 'latest') return { requests: [{ ...common, firmware: push.firmware }], leftOut: undefined };
  const library = firmware.list();
  const groups = Map.groupBy(await devices.select(push.selection), (device) => newestFor(library, device));
  const without = groups.get(undefined) ?? [];
  const leftOut = without.length > 0 ? nothingFor(without) : undefined;
  const requests = [...groups].flatMap(([newest, found]) => {
    if (!newest) return [];
    const { sha256, version } = newest;
    const selection = { ids: found.map(({ id }) => id) };
    return [{ ...common, firmware: sha256, selection, name: `${common.name} ${version}` }];
  });
  if (requests.length === 0)
    throw new PushrodError('FIRMWARE_NOT_FOUND', leftOut ?? 'No device matches the selection.');
  return { requests, leftOut };
}

/** Firmware that names no model at all is not known to fit. */
function newestFor(library: readonly Firmware[], device: Device): Firmware | undefined {
  const [newest] = library
    .filter((one) => namesModel(one, device))
    .toSorted((one, other) => compareVersions(other.version, one.version));
  return newest;
}

function nothingFor(devices: readonly Device[]): string {
  const models = [...new Set(devices.map(({ model }) => model ?? 'no model'))];
  const shown = models.slice(0, 5).join(', ') + (models.length > 5 ? ', …' : '');
  const many = devices.length === 1 ? '1 device' : `${devices.length} devices`;
  return `The library has no firmware that names the model of ${many} (${shown}).`;
}
