import type { RegistryContext } from '../../src/main/registry/index.ts';
import type { Device, DeviceFilter, DeviceSort } from '../../src/shared/model/index.ts';
import { foldText, textKey } from '../../src/shared/model/text-key.ts';
import { compareVersions } from '../../src/shared/model/version.ts';

/** The plainest thing that answers as a registry must: an array, looked through from end to end. */
export function matches(device: Device, filter: DeviceFilter): boolean {
  const {
    ids,
    exceptIds,
    status,
    location,
    model,
    profile,
    firmwareVersion,
    firmwareMin,
    firmwareMax,
    firmwareAbove,
    firmwareBelow,
    tags,
    seenAfter,
    seenBefore,
  } = filter;
  const { lastSeen, firmwareVersion: version } = device;
  const words = foldText(filter.search ?? '')
    .split(/\s+/u)
    .filter(Boolean);
  return [
    !ids || ids.includes(device.id),
    !exceptIds?.includes(device.id),
    !status || status.includes(device.status),
    !location || location.includes(device.location),
    !model || model.includes(device.model),
    !profile || profile.includes(device.profile),
    !firmwareVersion || firmwareVersion.includes(version),
    !firmwareMin || (version !== null && compareVersions(version, firmwareMin) >= 0),
    !firmwareMax || (version !== null && compareVersions(version, firmwareMax) <= 0),
    !firmwareAbove || (version !== null && compareVersions(version, firmwareAbove) > 0),
    !firmwareBelow || (version !== null && compareVersions(version, firmwareBelow) < 0),
    !seenAfter || (lastSeen !== null && lastSeen >= seenAfter),
    !seenBefore || (lastSeen !== null && lastSeen < seenBefore),
    Object.entries(tags ?? {}).every(([key, value]) => tagOf(device, key) === value),
    words.every((word) => searched(device).some((text) => text.includes(word))),
  ].every(Boolean);
}

function tagOf({ metadata }: Device, key: string): string | undefined {
  const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function searched(device: Device): string[] {
  const tags = Object.keys(device.metadata).flatMap((key) => {
    const value = tagOf(device, key);
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return [device.name, device.address, device.location ?? '', device.model ?? '', ...tags].map(foldText);
}

/** What a sort looks at; `undefined` for devices that have none. */
function sortKey(device: Device, field: DeviceSort['field']): string | undefined {
  const value = device[field];
  if (value === null) return undefined;
  return field === 'name' || field === 'address' || field === 'location' || field === 'model' ? textKey(value) : value;
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** In the order of the sort: those without a value last, ties by name and id. */
export function sorted(devices: readonly Device[], { field, descending }: DeviceSort): Device[] {
  const direction = descending ? -1 : 1;
  const ties = (a: Device, b: Device) => byBytes(textKey(a.name), textKey(b.name)) || byBytes(a.id, b.id);
  return devices.toSorted((a, b) => {
    const [left, right] = [sortKey(a, field), sortKey(b, field)];
    if (left === undefined || right === undefined) {
      if (left !== right) return left === undefined ? 1 : -1;
      return direction * ties(a, b);
    }
    const compared = field === 'firmwareVersion' ? compareVersions(left, right) : byBytes(left, right);
    return direction * (compared || (field === 'id' ? 0 : ties(a, b)));
  });
}

/** A context whose clock, ids and changes the test holds. */
export function testContext(): RegistryContext & { nowMs: number; changes: number } {
  const context = {
    nowMs: Date.parse('2026-03-01T00:00:00Z'),
    changes: 0,
    ids: 0,
    now: () => context.nowMs,
    newId() {
      context.ids += 1;
      return `made-${context.ids}`;
    },
    onChange() {
      context.changes += 1;
    },
  };
  return context;
}
