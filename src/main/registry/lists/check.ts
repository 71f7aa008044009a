import type { ErrorDetail } from '../../../shared/errors.ts';
import { type DevicePatch, type NewDevice, newDevice } from '../../../shared/model/index.ts';
import type { PutRow } from '../registry.ts';
import type { DeviceField, DeviceValues } from './device-values.ts';
import { vouch } from './vouch.ts';

/** What is known about the values of one device besides themselves. */
export interface Origin {
  /** Line of the list the device starts on. */
  line: number;
  /** What the list calls a field. */
  nameOf(field: DeviceField): string;
  /** Line a field stands on, if that may be another one. */
  lineOf?(field: DeviceField): number;
  /** Whether the metadata is known to hold plain text only ({@link isPlainJson}). */
  metadataIsPlain?: boolean;
  /** What is wrong already: of these fields nothing more is said. */
  faults?: ErrorDetail[];
}

/** Makes a row of a device's values: the device, or everything that is wrong with it. */
export function checkDevice(values: DeviceValues, origin: Origin): PutRow {
  const { line, faults = [] } = origin;
  if (faults.length === 0) {
    const device = vouch(values, origin.metadataIsPlain ?? false);
    if (device) return { line, device, given: givenOf(values, device) };
  }
  const parsed = newDevice.safeParse(values);
  if (parsed.success && faults.length === 0) {
    return { line, device: parsed.data, given: givenOf(values, parsed.data) };
  }
  const found = (parsed.error?.issues ?? []).map((issue) => {
    const [field, ...inside] = issue.path as [DeviceField, ...PropertyKey[]];
    return {
      line: origin.lineOf?.(field) ?? line,
      field: [origin.nameOf(field), ...inside].join('.'),
      message: messageOf(issue, values[field]),
    };
  });
  const known = new Set(faults.map(({ field }) => field));
  return { line, faults: [...faults, ...found.filter(({ field }) => !known.has(field))] };
}

/** Rows and faults of lines that are none, in the order of the list. */
export function byLine(rows: PutRow[], faults: ErrorDetail[]): PutRow[] {
  const all = [...rows, ...faults.map((fault): PutRow => ({ line: fault.line, faults: [fault] }))];
  return all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** The device's fields that the list mentions: what an update changes. */
function givenOf(values: DeviceValues, device: NewDevice): DevicePatch {
  const given: DevicePatch = {};
  if (values.name !== undefined) given.name = device.name;
  if (values.address !== undefined) given.address = device.address;
  if (values.status !== undefined) given.status = device.status;
  if (values.lastSeen !== undefined) given.lastSeen = device.lastSeen;
  if (values.firmwareVersion !== undefined) given.firmwareVersion = device.firmwareVersion;
  if (values.location !== undefined) given.location = device.location;
  if (values.model !== undefined) given.model = device.model;
  if (values.metadata !== undefined) given.metadata = device.metadata;
  if (values.profile !== undefined) given.profile = device.profile;
  return given;
}

function messageOf(issue: { code?: string; expected?: string; message: string }, value: unknown): string {
  if (value === undefined) return 'is missing; every device needs one';
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return issue.message;
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return `is ${what}; write text in quotes, such as "1.10"`;
}
