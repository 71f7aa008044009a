import { PushrodError } from '../shared/errors.ts';
import { type NamedProfile, type Profile, portOf } from '../shared/model/index.ts';
import { formatDuration, parseDurationMs } from './units.ts';

const supported = [
  ...['transport', 'port', 'username', 'credential', 'method', 'remotePath', 'verifyCommand', 'activateCommand'],
  ...['timeouts', 'http'],
];
const timeouts = { connect: 'connectMs', command: 'commandMs', transfer: 'transferMs' } as const;

/** What a profile says beside its fields; `set` takes it back without heeding it. */
const about = ['name', 'default', 'preset'];

/** A profile in CLI.md's shape: durations are written with their unit. {@link readProfileJson} reads it back. */
export function profileJson({ name, isDefault, isPreset, profile }: NamedProfile) {
  const written = Object.entries(timeouts).map(([key, field]) => [key, formatDuration(profile.timeouts[field])]);
  return {
    name,
    default: isDefault,
    preset: isPreset,
    ...profile,
    port: portOf(profile),
    timeouts: Object.fromEntries(written),
  };
}

/** Reads a profile in CLI.md's shape. The contract checks the values. Throws `INVALID_INPUT`. */
export function readProfileJson(text: string): Profile {
  const given = Object.fromEntries(Object.entries(parseObject(text)).filter(([field]) => !about.includes(field)));
  const unknown = Object.keys(given).filter((field) => !supported.includes(field));
  if (unknown.length > 0) {
    throw invalid(unknown.map((field) => ({ field, message: `not supported; supported are ${supported.join(', ')}` })));
  }
  if (given.timeouts === undefined) return given as unknown as Profile;
  if (typeof given.timeouts !== 'object' || given.timeouts === null) {
    throw invalid([{ field: 'timeouts', message: 'must be an object, such as {"connect":"15s"}' }]);
  }
  const read = Object.entries(given.timeouts as Record<string, unknown>).map(([key, value]) => {
    const field = timeouts[key as keyof typeof timeouts];
    if (!field)
      throw invalid([{ field: `timeouts.${key}`, message: 'only connect, command and transfer are timeouts' }]);
    return [field, parseDurationMs(String(value), `timeouts.${key}`)];
  });
  return { ...given, timeouts: Object.fromEntries(read) } as unknown as Profile;
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
