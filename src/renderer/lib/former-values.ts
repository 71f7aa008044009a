import type { Device, DeviceId, DevicePatch } from '../../shared/model/index.ts';

/** Devices that all had the same before an edit, and what sets it back. */
export interface FormerValues {
  ids: DeviceId[];
  changes: DevicePatch;
}

/** What sets the fields of devices back that an edit is about to change: one edit for all that agree in them. */
export function formerValues(devices: readonly Device[], changes: DevicePatch): FormerValues[] {
  const groups = new Map<string, FormerValues>();
  for (const device of devices) {
    const former = formerOf(device, changes);
    const key = JSON.stringify(former);
    const group = groups.get(key);
    if (group) group.ids.push(device.id);
    else groups.set(key, { ids: [device.id], changes: former });
  }
  return [...groups.values()];
}

/** Whether a device still has all that an edit gave it. */
export function hasAll(device: Device, { setTags = {}, removeTags = [], ...fields }: DevicePatch): boolean {
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  return (
    Object.entries(fields).every(([field, value]) => isSame(device[field as keyof typeof fields], value)) &&
    Object.entries(setTags).every(([key, value]) => isSame(device.metadata[key], value)) &&
    removeTags.every((key) => Object.hasOwn(setTags, key) || !Object.hasOwn(device.metadata, key))
  );
}

function formerOf(device: Device, { setTags = {}, removeTags = [], ...fields }: DevicePatch): DevicePatch {
  const former = Object.fromEntries(Object.keys(fields).map((field) => [field, device[field as keyof typeof fields]]));
  const keys = [...new Set([...Object.keys(setTags), ...removeTags])].sort();
  const had = keys.filter((key) => Object.hasOwn(device.metadata, key));
  const hadNot = keys.filter((key) => !Object.hasOwn(device.metadata, key));
  return {
    ...former,
    ...(had.length > 0 && { setTags: Object.fromEntries(had.map((key) => [key, device.metadata[key]])) }),
    ...(hadNot.length > 0 && { removeTags: hadNot }),
  } as DevicePatch;
}
