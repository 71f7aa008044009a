import type { Device, Metadata } from '../../shared/model/index.ts';
import { foldText, textKey } from '../../shared/model/text-key.ts';
import { versionKey } from '../../shared/model/version.ts';

/**
 * A device as the adapters keep it: what it is, and beside it what is compared when sorting, ranging and searching.
 * Keys are compared byte by byte; `''` stands for "has none".
 */
export interface DeviceRow {
  id: string;
  name: string;
  name_key: string;
  address: string;
  address_key: string;
  status: string;
  last_seen: string;
  firmware_version: string | null;
  version_key: string;
  location: string | null;
  location_key: string;
  model: string | null;
  model_key: string;
  metadata: string;
  profile: string | null;
  created_at: string;
  updated_at: string;
  search_text: string;
}

export const columns = [
  ...['id', 'name', 'name_key', 'address', 'address_key', 'status', 'last_seen', 'firmware_version', 'version_key'],
  ...['location', 'location_key', 'model', 'model_key', 'metadata', 'profile', 'created_at', 'updated_at'],
  'search_text',
] as readonly (keyof DeviceRow)[];

/** Remembers results for what comes again and again: a fleet has few versions, models and locations. */
function remembering(keyOf: (text: string) => string): (text: string) => string {
  const most = 1_000;
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size === most) known.clear();
    const key = keyOf(text);
    known.set(text, key);
    return key;
  };
}

const keyOfVersion = remembering(versionKey);
const keyOfText = remembering(textKey);

export function toRow(device: Device): DeviceRow {
  return {
    id: device.id,
    name: device.name,
    name_key: textKey(device.name),
    address: device.address,
    address_key: textKey(device.address),
    status: device.status,
    last_seen: device.lastSeen ?? '',
    firmware_version: device.firmwareVersion,
    version_key: keyOfVersion(device.firmwareVersion ?? ''),
    location: device.location,
    location_key: keyOfText(device.location ?? ''),
    model: device.model,
    model_key: keyOfText(device.model ?? ''),
    metadata: JSON.stringify(device.metadata),
    profile: device.profile,
    created_at: device.createdAt,
    updated_at: device.updatedAt,
    search_text: searchTextOf(device),
  };
}

/** The table holds only what {@link toRow} wrote, so it is taken at its word. */
export function fromRow(row: DeviceRow): Device {
  return {
    id: row.id as Device['id'],
    name: row.name,
    address: row.address,
    status: row.status as Device['status'],
    lastSeen: row.last_seen || null,
    firmwareVersion: row.firmware_version,
    location: row.location,
    model: row.model,
    metadata: JSON.parse(row.metadata) as Device['metadata'],
    profile: row.profile,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The tags of a device: the keys of its metadata that hold a text, number or boolean. */
export function tagsOf(metadata: Metadata): [key: string, value: string][] {
  const tags: [string, string][] = [];
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value === 'string') tags.push([key, value]);
    else if (typeof value === 'number' || typeof value === 'boolean') tags.push([key, String(value)]);
  }
  return tags;
}

/** What a search looks at, folded, a line for each field. */
export function searchTextOf({ name, address, location, model, metadata }: Device): string {
  let text = `${name}\n${address}\n${location ?? ''}\n${model ?? ''}\n`;
  for (const [key, value] of tagsOf(metadata)) text += `${key}=${value}\n`;
  return foldText(text);
}

/** The words of a search, folded: each must be found in {@link searchTextOf}. */
export function searchWords(search: string): string[] {
  return [...new Set(foldText(search).split(/\s+/u).filter(Boolean))];
}
