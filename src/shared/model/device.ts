import { z } from 'zod';
import { parseAddress } from './address.ts';
import { timestamp } from './timestamp.ts';

export const deviceStatus = z.enum(['online', 'offline', 'unknown'], 'status is online, offline or unknown');
export type DeviceStatus = z.infer<typeof deviceStatus>;

const maxMetadataBytes = 64 * 1024;
const maxMetadataDepth = 8;
/** Of one filter: more of them only keep the registry busy. */
export const mostTags = 50;
export const mostWords = 20;
export const mostSearchCharacters = 1_000;
/** Left out of everything that matches, one by one. */
export const mostExceptIds = 10_000;

/** Text every registry can hold and every terminal can show: well-formed Unicode without control characters (C0, DEL). */
const isPlainText = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text);
const plainText = (what: string) =>
  z
    .string()
    .trim()
    .max(200, `${what} is over 200 characters`)
    .refine(isPlainText, `${what} holds a line break, another control character or a broken character`);
const optionalText = (what: string) =>
  plainText(what)
    .nullable()
    .transform((text) => text || null);

/** An id is part of paths and URLs, so it keeps to letters, digits and `._-`. */
export const deviceId = z
  .string()
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/, 'id may hold letters, digits, "." "_" and "-" only, at most 128')
  .brand<'DeviceId'>();
export type DeviceId = z.infer<typeof deviceId>;

/** The place where a device stands, by name. */
export const locationName = plainText('location').min(1, 'location is empty; name the place');

const name = plainText('name').min(1, 'name is empty; give the device a name');

const address = z
  .string()
  .trim()
  .check((context) => {
    const parsed = parseAddress(context.value);
    if (typeof parsed === 'string') context.issues.push({ code: 'custom', message: parsed, input: context.value });
  });

/** What a JSON value has that no schema below would see: it is too deep to walk, or has a key that is dropped in silence. */
function faultOfShape(value: unknown, maxDepth: number): string | undefined {
  let level = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    const objects = level.filter((one) => typeof one === 'object' && one !== null);
    if (objects.length > 0 && depth > maxDepth) return `is nested deeper than ${maxDepth}`;
    if (objects.some((one) => Object.hasOwn(one, '__proto__')))
      return 'holds the key "__proto__"; give it another name';
    level = objects.flatMap((one) => Object.values(one));
  }
  return undefined;
}

/** Checks the shape of a record before its schema walks it. */
function ofShape<Schema extends z.ZodType>(what: string, maxDepth: number, schema: Schema): Schema {
  const checked = z.preprocess((value, context) => {
    const fault = faultOfShape(value, maxDepth);
    if (fault !== undefined) context.issues.push({ code: 'custom', message: `${what} ${fault}`, input: value });
    return fault === undefined ? value : {};
  }, schema);
  // What it takes and gives is what the schema takes and gives; preprocess forgets the first.
  return checked as unknown as Schema;
}

const metadataObject = z
  .record(z.string(), z.json(), 'metadata must be a JSON object, such as {"rack":"4"}')
  .refine((value) => JSON.stringify(value).length <= maxMetadataBytes, 'metadata is over 64 KiB')
  .refine((value) => !/\\u0000|\\ud[89a-f]/.test(JSON.stringify(value)), 'metadata holds NUL or a broken character');

/** Free data about a device: a JSON object, at most 8 deep and 64 KiB. */
export const metadata = ofShape('metadata', maxMetadataDepth, metadataObject);
export type Metadata = z.infer<typeof metadata>;

export const device = z.object({
  id: deviceId,
  name,
  /** `host` or `host:port`; IPv6 with a port in brackets. */
  address,
  status: deviceStatus,
  lastSeen: timestamp.nullable(),
  firmwareVersion: optionalText('firmware version'),
  location: optionalText('location'),
  model: optionalText('model'),
  metadata,
  /** The name of the profile that says how this device is updated; `null` means the default one. */
  profile: optionalText('profile'),
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

/** Which devices: every filter given must hold; several values of one filter are alternatives, `null` means "has none". */
export const deviceFilter = z.strictObject({
  ids: z.array(deviceId).optional(),
  /** Left out, though all the rest holds. */
  exceptIds: z.array(deviceId).max(mostExceptIds, `over ${mostExceptIds} devices are left out`).optional(),
  status: z.array(deviceStatus).optional(),
  location: z.array(z.string().nullable()).optional(),
  model: z.array(z.string().nullable()).optional(),
  profile: z.array(z.string().nullable()).optional(),
  /** Exactly one of these texts; a single one may stand alone. */
  firmwareVersion: z
    .union([z.string().transform((one): (string | null)[] => [one]), z.array(z.string().nullable())])
    .optional(),
  /** Least and greatest version, both inclusive, in the order of docs/versions.md; devices without a version match neither. */
  firmwareMin: z.string().optional(),
  firmwareMax: z.string().optional(),
  /** The same, exclusive: later and earlier than this version. */
  firmwareAbove: z.string().optional(),
  firmwareBelow: z.string().optional(),
  /** Metadata keys with the value each must have; numbers and booleans as JSON writes them. */
  tags: ofShape('tags', 1, z.record(z.string().min(1), z.string()))
    .refine((tags) => Object.keys(tags).length <= mostTags, `over ${mostTags} tags`)
    .optional(),
  /** Seen at or after. */
  seenAfter: timestamp.optional(),
  /** Seen before; devices never seen match neither. */
  seenBefore: timestamp.optional(),
  /** Words that must all be found somewhere in name, address, location, model or a tag (`key=value`), whatever case and accents. */
  search: z
    .string()
    .max(mostSearchCharacters)
    .refine((text) => text.trim().split(/\s+/u).length <= mostWords, `over ${mostWords} words`)
    .optional(),
});
export type DeviceFilter = z.infer<typeof deviceFilter>;

/** Whether a filter asks for anything: one that does not finds every device. */
function narrows({ tags, exceptIds, search, ...others }: DeviceFilter): boolean {
  const { firmwareMin, firmwareMax, firmwareAbove, firmwareBelow, ...lists } = others;
  const texts = [search, firmwareMin, firmwareMax, firmwareAbove, firmwareBelow].filter((text) => text?.trim());
  return (
    texts.length > 0 ||
    (exceptIds ?? []).length > 0 ||
    Object.keys(tags ?? {}).length > 0 ||
    Object.values(lists).some((one) => one !== undefined)
  );
}

export const deviceSortField = z.enum([
  'id',
  'name',
  'address',
  'status',
  'lastSeen',
  'firmwareVersion',
  'location',
  'model',
  'profile',
  'createdAt',
  'updatedAt',
]);
export type DeviceSortField = z.infer<typeof deviceSortField>;

/** Devices without a value come last in both directions; equal ones are sorted by name, then id, in the same direction. */
export const deviceSort = z.strictObject({ field: deviceSortField, descending: z.boolean() });
export type DeviceSort = z.infer<typeof deviceSort>;

export const devicePageRequest = z
  .strictObject({
    filter: deviceFilter.default({}),
    sort: deviceSort.default({ field: 'name', descending: false }),
    limit: z.int().min(1).max(10_000).default(1_000),
    offset: z.int().min(0).default(0),
    /** The `nextCursor` of the page before: stays right while devices come and go. */
    after: z.string().max(20_000).optional(),
  })
  .refine(({ after, offset }) => after === undefined || offset === 0, {
    path: ['after'],
    message: 'give either after or offset, not both',
  });
export type DevicePageRequest = z.infer<typeof devicePageRequest>;

export const devicePage = z.object({
  devices: z.array(device),
  /** How many devices match in all, exactly. */
  total: z.int(),
  /** Opaque: hand it back as `after` to go on behind this page; `null` on the last page. */
  nextCursor: z.string().nullable(),
});
export type DevicePage = z.infer<typeof devicePage>;

/** How many devices have each value, the most frequent first; at most 100 values, and how many different ones there are. */
const facet = z.object({
  values: z.array(z.object({ value: z.string().nullable(), count: z.int() })),
  distinct: z.int(),
});
export type Facet = z.infer<typeof facet>;
export const deviceFacets = z.object({
  total: z.int(),
  status: facet,
  location: facet,
  model: facet,
  firmwareVersion: facet,
});
export type DeviceFacets = z.infer<typeof deviceFacets>;

/** Which devices a push goes to: frozen to ids when the update starts. */
export const deviceSelection = z.union([
  z.strictObject({ ids: z.array(deviceId).min(1, 'choose at least one device').max(1_000_000) }),
  z.strictObject({
    filter: deviceFilter.refine(narrows, 'this filter finds every device; say so with "all" if it is meant'),
  }),
  z.strictObject({ all: z.literal(true) }),
]);
export type DeviceSelection = z.infer<typeof deviceSelection>;

export const removalId = z.string().min(1).max(64).brand<'RemovalId'>();
export type RemovalId = z.infer<typeof removalId>;

/** What a removal did, and the key to undo it. */
export const removal = z.object({ removed: z.int(), removalId });
export type Removal = z.infer<typeof removal>;

export const listFormat = z.enum(['csv', 'json', 'ssh-config', 'ansible']);
export type ListFormat = z.infer<typeof listFormat>;

export const importOptions = z.strictObject({
  /** Found out by the name of the list and how it starts when left out. */
  format: listFormat.optional(),
  /** What to do with a device that is registered already: same id, or, where the list gives no id, same name and address. */
  onConflict: z.enum(['fail', 'skip', 'update']).default('fail'),
  /** Check everything and count, but change nothing. */
  dryRun: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof importOptions>;

export const importResult = z.object({ added: z.int(), updated: z.int(), skipped: z.int() });
export type ImportResult = z.infer<typeof importResult>;
