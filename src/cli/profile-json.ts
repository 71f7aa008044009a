import { PushrodError } from '../shared/errors.ts';
import { type NamedProfile, type Profile, profile as profileSchema } from '../shared/model/index.ts';
import { formatDuration, formatSize, parseDurationMs, parseRate } from './units.ts';

const timeouts = ['connect', 'command', 'transfer', 'keepalive'];
/** Durations and rates have their unit in their value here, and in their name in the contract. */
const withoutUnit = (field: string) => field.replace(/Ms$|BytesPerSecond$/, '');
const isDuration = (field: string) => Object.hasOwn(profileSchema.shape, `${field}Ms`);
const isRate = (field: string) => Object.hasOwn(profileSchema.shape, `${field}BytesPerSecond`);
const supported = Object.keys(profileSchema.shape).map(withoutUnit);

/** What a profile says beside its fields; `set` takes it back without heeding it. */
const about = ['name', 'default', 'preset'];

/** A profile in CLI.md's shape: durations are written with their unit. {@link readProfileJson} reads it back. */
export function profileJson({ name, isDefault, isPreset, profile }: NamedProfile) {
  const written = mapEntries(profile, (name, value) => {
    const field = withoutUnit(name);
    if (isDuration(field)) return [field, formatDuration(value as number)];
    return [field, isRate(field) ? formatSize(value as number) : value];
  });
  const times = mapEntries(profile.timeouts, (field, value) => [withoutUnit(field), formatDuration(value as number)]);
  return { name, default: isDefault, preset: isPreset, ...written, timeouts: times };
}

/** Reads a profile in CLI.md's shape. The contract checks the values. Throws `INVALID_INPUT`. */
export function readProfileJson(text: string): Profile {
  const given = Object.fromEntries(Object.entries(parseObject(text)).filter(([field]) => !about.includes(field)));
  const unknown = Object.keys(given).filter((field) => !supported.includes(field));
  if (unknown.length > 0) {
    throw invalid(unknown.map((field) => ({ field, message: `not supported; supported are ${supported.join(', ')}` })));
  }
  return mapEntries(given, (field, value) => {
    if (field === 'timeouts') return [field, readTimeouts(value)];
    if (isRate(field)) return [`${field}BytesPerSecond`, parseRate(String(value), field)];
    return isDuration(field) ? [`${field}Ms`, parseDurationMs(String(value), field)] : [field, value];
  }) as unknown as Profile;
}

function readTimeouts(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) {
    throw invalid([{ field: 'timeouts', message: 'must be an object, such as {"connect":"15s"}' }]);
  }
  return mapEntries(given, (key, value) => {
    const field = `timeouts.${key}`;
    if (!timeouts.includes(key)) throw invalid([{ field, message: `only ${timeouts.join(', ')} are timeouts` }]);
    return [`${key}Ms`, parseDurationMs(String(value), field)];
  });
}

function mapEntries(
  given: object,
  change: (key: string, value: unknown) => [string, unknown],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => change(key, value)));
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch (thrown) {
    throw invalid([{ message: `it is not JSON: ${thrown instanceof Error ? thrown.message : thrown}` }]);
  }
  throw invalid([{ message: 'it must be a JSON object' }]);
}

function invalid(details: { field?: string; message: string }[]): PushrodError {
  return new PushrodError('INVALID_INPUT', 'The profile cannot be read.', details);
}
