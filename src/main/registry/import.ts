import { type ErrorDetail, PushrodError } from '../../shared/errors.ts';
import {
  type DevicePatch,
  type ImportRequest,
  type ImportResult,
  type NewDevice,
  newDevice,
} from '../../shared/model/index.ts';
import { type ImportRecord, readCsv } from './csv.ts';
import type { DeviceRegistry } from './registry.ts';

/** A checked record, with the fields the file really gave: an update must not empty the others. */
interface Checked {
  line: number;
  device: NewDevice;
  given: DevicePatch;
}

/**
 * Imports a list of devices: all of it, or nothing.
 * @throws PushrodError `INVALID_INPUT` with line and field of every bad row
 */
export function importDevices(registry: DeviceRegistry, request: ImportRequest): ImportResult {
  const { checked, faults } = check(readCsv(request.content));
  const conflicts = faultsOfIds(registry, checked, request.onConflict === 'fail');
  const details = [...faults, ...conflicts].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (details.length > 0) {
    throw new PushrodError('INVALID_INPUT', 'The list has bad rows; nothing was imported.', details);
  }
  const taken = ({ device }: Checked) => device.id !== undefined && registry.has(device.id);
  const present = checked.filter(taken);
  const fresh = checked.filter((record) => !taken(record));
  const updating = request.onConflict === 'update';
  if (!request.dryRun) {
    registry.atomically(() => {
      for (const { device } of fresh) registry.add(device);
      for (const { device, given } of updating ? present : []) if (device.id) registry.update(device.id, given);
    });
  }
  return {
    added: fresh.length,
    updated: updating ? present.length : 0,
    skipped: updating ? 0 : present.length,
  };
}

function check(records: ImportRecord[]): { checked: Checked[]; faults: ErrorDetail[] } {
  const checked: Checked[] = [];
  const faults: ErrorDetail[] = [];
  for (const { line, values } of records) {
    const parsed = newDevice.safeParse(values);
    if (parsed.success) {
      const { id, ...given } = parsed.data;
      const kept = Object.entries(given).filter(([field]) => field in values);
      checked.push({ line, device: parsed.data, given: Object.fromEntries(kept) });
      continue;
    }
    for (const issue of parsed.error.issues) faults.push({ line, field: issue.path.join('.'), message: issue.message });
  }
  return { checked, faults };
}

function faultsOfIds(registry: DeviceRegistry, checked: Checked[], existingIsFault: boolean): ErrorDetail[] {
  const firstLine = new Map<string, number>();
  const faults: ErrorDetail[] = [];
  for (const { line, device } of checked) {
    if (device.id === undefined) continue;
    const earlier = firstLine.get(device.id);
    if (earlier !== undefined) {
      faults.push({ line, field: 'id', message: `"${device.id}" is already on line ${earlier}` });
    } else if (existingIsFault && registry.has(device.id)) {
      faults.push({
        line,
        field: 'id',
        message: `"${device.id}" is already registered; skip or update it, or change the id`,
      });
    }
    if (earlier === undefined) firstLine.set(device.id, line);
  }
  return faults;
}
