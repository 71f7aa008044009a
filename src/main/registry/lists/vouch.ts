import type { NewDevice } from '../../../shared/model/index.ts';
import type { DeviceValues } from './device-values.ts';

/*
 * The schema `newDevice` decides what a device may be, in some 8 µs a device. Most devices of long lists are so plain that
 * a few patterns can tell that the schema would take them as they are. Each pattern is narrower than its rule, never wider
 * (vouch.test.ts holds them together), so nothing has to change here when a rule becomes looser.
 */

const plainId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const plainAscii = /^[!-~](?:[ -~]*[!-~])?$/;
const plainUnicode = /^[\p{L}\p{N}\p{P}\p{S}](?:[\p{L}\p{M}\p{N}\p{P}\p{S} ]*[\p{L}\p{N}\p{P}\p{S}])?$/u;
const maxPlainLength = 100;
const byte = '(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])';
const plainIpv4 = new RegExp(`^${byte}\\.${byte}\\.${byte}\\.${byte}(?::[1-9]\\d{0,3})?$`);
const plainHostName =
  /^[a-z](?:[a-z0-9-]{0,40}[a-z0-9])?(?:\.[a-z](?:[a-z0-9-]{0,40}[a-z0-9])?){0,4}(?::[1-9]\d{0,3})?$/i;
const plainDay = '02-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:0[1-9]|[12]\\d|30)|(?:0[13578]|1[02])-31';
const plainTime = new RegExp(`^(?:19|20)\\d\\d-(?:${plainDay})T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{3})?Z$`);
const maxPlainJson = 16 * 1024;

/** The device that `newDevice` makes of these values, or `undefined` when that is for `newDevice` to say. */
export function vouch(values: DeviceValues, metadataIsPlain: boolean): NewDevice | undefined {
  const { id, name, address, status, lastSeen, firmwareVersion, location, model, metadata, profile } = values;
  if (id !== undefined && !(typeof id === 'string' && plainId.test(id))) return undefined;
  if (typeof name !== 'string' || !isPlainText(name)) return undefined;
  if (typeof address !== 'string' || !(plainIpv4.test(address) || plainHostName.test(address))) return undefined;
  if (status !== undefined && status !== 'online' && status !== 'offline' && status !== 'unknown') return undefined;
  if (!isPlainTime(lastSeen)) return undefined;
  if (!isPlainOption(firmwareVersion) || !isPlainOption(location) || !isPlainOption(model) || !isPlainOption(profile)) {
    return undefined;
  }
  if (metadata !== undefined && !(metadataIsPlain && isFlat(metadata))) return undefined;
  const device: NewDevice = {
    id: id as NewDevice['id'],
    name,
    address,
    status: status ?? 'unknown',
    lastSeen: lastSeen?.length === 20 ? `${lastSeen.slice(0, 19)}.000Z` : (lastSeen ?? null),
    firmwareVersion: firmwareVersion ?? null,
    location: location ?? null,
    model: model ?? null,
    metadata: metadata ?? {},
    profile: profile ?? null,
  };
  if (id === undefined) delete device.id;
  return device;
}

/** Whether an object read from this JSON can only hold plain text: no escapes (so no control characters), no half characters. */
export function isPlainJson(text: string): boolean {
  return text.length <= maxPlainJson && !text.includes('\\') && text.isWellFormed();
}

export function isPlainText(text: string): boolean {
  return text.length <= maxPlainLength && (plainAscii.test(text) || plainUnicode.test(text));
}

function isPlainOption(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || (typeof value === 'string' && isPlainText(value));
}

function isPlainTime(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || (typeof value === 'string' && plainTime.test(value));
}

function isFlat(metadata: unknown): metadata is Record<string, string | number | boolean> {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return false;
  for (const key in metadata) {
    const value = (metadata as Record<string, unknown>)[key];
    const isPlain = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!isPlain || key === '__proto__') return false;
  }
  return true;
}
