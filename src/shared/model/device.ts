import { z } from 'zod';
import { parseAddress } from './address.ts';
import { timestamp } from './timestamp.ts';

export const deviceStatus = z.enum(['online', 'offline', 'unknown'], 'status is online, offline or unknown');
export type DeviceStatus = z.infer<typeof deviceStatus>;

const maxMetadataBytes = 64 * 1024;
const maxMetadataDepth = 8;

/** An id is part of paths and URLs, so it keeps to letters, digits and `._-`. */
export const deviceId = z
  .string()
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/, 'id may hold letters, digits, "." "_" and "-" only, at most 128')
  .brand<'DeviceId'>();
export type DeviceId = z.infer<typeof deviceId>;

const name = z.string().trim().min(1, 'name is empty; give the device a name').max(200, 'name is over 200 characters');

const address = z
  .string()
  .trim()
  .check((context) => {
    const parsed = parseAddress(context.value);
    if (typeof parsed === 'string') context.issues.push({ code: 'custom', message: parsed, input: context.value });
  });

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** Free data about a device: a JSON object, at most 8 deep and 64 KiB. */
export const metadata = z
  .record(z.string(), z.json(), 'metadata must be a JSON object, such as {"rack":"4"}')
  .refine((value) => depthOf(value) <= maxMetadataDepth, `metadata is nested deeper than ${maxMetadataDepth}`)
  .refine((value) => JSON.stringify(value).length <= maxMetadataBytes, 'metadata is over 64 KiB');
export type Metadata = z.infer<typeof metadata>;

export const device = z.object({
  id: deviceId,
  name,
  /** `host` or `host:port`; IPv6 with a port in brackets. */
  address,
  status: deviceStatus,
  lastSeen: timestamp.nullable(),
  firmwareVersion: z.string().max(200).nullable(),
  location: z.string().max(200).nullable(),
  model: z.string().max(200).nullable(),
  metadata,
  /** The name of the profile that says how this device is updated; `null` means the default one. */
  profile: z.string().max(100).nullable(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type Device = z.infer<typeof device>;

/** What a person gives to add a device: only name and address are required. */
export const newDevice = z.strictObject({
  id: deviceId.optional(),
  name,
  address,
  status: deviceStatus.default('unknown'),
  lastSeen: timestamp.nullable().default(null),
  firmwareVersion: device.shape.firmwareVersion.default(null),
  location: device.shape.location.default(null),
  model: device.shape.model.default(null),
  metadata: metadata.default({}),
  profile: device.shape.profile.default(null),
});
export type NewDevice = z.infer<typeof newDevice>;

/** A change to a device: only the fields given change; `null` empties a field that may be empty. */
export const devicePatch = z
  .strictObject({
    name,
    address,
    status: deviceStatus,
    lastSeen: device.shape.lastSeen,
    firmwareVersion: device.shape.firmwareVersion,
    location: device.shape.location,
    model: device.shape.model,
    metadata,
    profile: device.shape.profile,
  })
  .partial();
export type DevicePatch = z.infer<typeof devicePatch>;

/** Which devices: every filter given must hold; several values of one filter are alternatives. */
export const deviceFilter = z.strictObject({
  ids: z.array(deviceId).optional(),
  status: z.array(deviceStatus).optional(),
  location: z.array(z.string()).optional(),
  model: z.array(z.string()).optional(),
  firmwareVersion: z.string().optional(),
  /** Metadata keys with the value each must have. */
  tags: z.record(z.string(), z.string()).optional(),
  seenAfter: timestamp.optional(),
  seenBefore: timestamp.optional(),
  /** Free text, found anywhere in name, address, location or model, whatever the case. */
  search: z.string().optional(),
});
export type DeviceFilter = z.infer<typeof deviceFilter>;

export const deviceSortField = z.enum([
  'name',
  'address',
  'status',
  'lastSeen',
  'firmwareVersion',
  'location',
  'model',
  'createdAt',
  'updatedAt',
]);
export type DeviceSortField = z.infer<typeof deviceSortField>;

export const devicePageRequest = z.strictObject({
  filter: deviceFilter.default({}),
  sort: z
    .strictObject({ field: deviceSortField, descending: z.boolean() })
    .default({ field: 'name', descending: false }),
  limit: z.int().min(1).max(10_000).default(1_000),
  offset: z.int().min(0).default(0),
});
export type DevicePageRequest = z.infer<typeof devicePageRequest>;

export const devicePage = z.object({
  devices: z.array(device),
  /** How many devices match in all. */
  total: z.int(),
  /** Opaque: hand it back to go on after this page; `null` on the last page. */
  nextCursor: z.string().nullable(),
});
export type DevicePage = z.infer<typeof devicePage>;

/** Which devices a push goes to: frozen to ids when the update starts. */
export const deviceSelection = z.union([
  z.strictObject({ ids: z.array(deviceId).min(1, 'choose at least one device') }),
  z.strictObject({ filter: deviceFilter }),
  z.strictObject({ all: z.literal(true) }),
]);
export type DeviceSelection = z.infer<typeof deviceSelection>;

export const importRequest = z.strictObject({
  format: z.enum(['csv']),
  content: z.string(),
  onConflict: z.enum(['fail', 'skip', 'update']).default('fail'),
  /** Check everything and count, but change nothing. */
  dryRun: z.boolean().default(false),
});
export type ImportRequest = z.infer<typeof importRequest>;

export const importResult = z.object({ added: z.int(), updated: z.int(), skipped: z.int() });
export type ImportResult = z.infer<typeof importResult>;
