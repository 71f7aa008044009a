import type { Command } from 'commander';
import type { z } from 'zod';
import { PushrodError } from '../shared/errors.ts';
import { type DeviceFilter, type DeviceSelection, deviceFilter, deviceId } from '../shared/model/index.ts';
import { flagOf } from './flag-names.ts';

/** Filter flags as commander gives them; all of them text, checked by the contract's schemas. */
export interface FilterFlags {
  status?: string[];
  location?: string[];
  model?: string[];
  firmwareVersion?: string;
  firmwareMin?: string;
  firmwareMax?: string;
  tag?: string[];
  seenAfter?: string;
  seenBefore?: string;
  search?: string;
}

export interface SelectorFlags extends FilterFlags {
  device?: string[];
  all?: boolean;
}

export const collect = (value: string, earlier: string[] = []) => [...earlier, value];

/** Adds the filter flags of `devices list`. */
export function addFilterFlags(command: Command): Command {
  return command
    .option('--status <status>', 'online, offline or unknown; repeatable', collect)
    .option('--location <location>', 'at this location; repeatable', collect)
    .option('--model <model>', 'of this model; repeatable', collect)
    .option('--firmware-version <version>', 'with exactly this firmware version')
    .option('--firmware-min <version>', 'with this version or a later one')
    .option('--firmware-max <version>', 'with this version or an earlier one')
    .option('--tag <key=value>', 'with this metadata; repeatable, all must hold', collect)
    .option('--seen-after <time>', 'last seen at or after this ISO 8601 time')
    .option('--seen-before <time>', 'last seen before this ISO 8601 time')
    .option('--search <text>', 'words in name, address, location, model or tags');
}

/** Adds the filter flags and `--device`, `--all`. */
export function addSelectorFlags(command: Command): Command {
  return addFilterFlags(command)
    .option('--device <id>', 'this device; repeatable', collect)
    .option('--all', 'all devices');
}

export function filterOf(flags: FilterFlags): DeviceFilter {
  const { status, location, model, firmwareVersion, firmwareMin, firmwareMax, seenAfter, seenBefore, search } = flags;
  refuseEmpty({ location, model, firmwareVersion, firmwareMin, firmwareMax, search });
  const tags = flags.tag && tagsOf(flags.tag);
  const versions = { firmwareVersion, firmwareMin, firmwareMax };
  const given = { status, location, model, ...versions, tags, seenAfter, seenBefore, search };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return check(deviceFilter, present);
}

/** `--search "$ROOM"` with a variable that is not set would find every device. */
function refuseEmpty(texts: Record<string, string | string[] | undefined>): void {
  for (const [name, value] of Object.entries(texts)) {
    if (value === undefined || [value].flat().every((text) => text.trim() !== '')) continue;
    const field = flagOf(name);
    const message = 'it is empty; say what to look for, or leave it out';
    throw new PushrodError('INVALID_INPUT', `This selects nothing: ${field}: ${message}.`, [{ field, message }]);
  }
}

/** The contract's own check of a selection could not say which of its forms was meant. */
function check<Output>(schema: z.ZodType<Output>, value: unknown, name?: string): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({ field: name ?? flagOf(String(path[0])), message }));
  const said = details.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new PushrodError('INVALID_INPUT', `This selects nothing: ${said}.`, details);
}

/** Which devices the flags name. Throws `INVALID_INPUT` when they name none, or contradict each other. */
export function selectionOf(flags: SelectorFlags): DeviceSelection {
  const filter = filterOf(flags);
  const kinds = [flags.device !== undefined, flags.all === true, Object.keys(filter).length > 0];
  const [byId, all] = kinds;
  if (kinds.filter(Boolean).length !== 1) {
    const message = kinds.some(Boolean)
      ? 'Name the devices in one way only: with --device, with --all, or with filter flags.'
      : 'Say which devices: --all, --device ID, or a filter such as --location L.';
    throw new PushrodError('INVALID_INPUT', message, [{ field: 'selector', message }]);
  }
  if (all) return { all: true };
  return byId ? { ids: check(deviceId.array(), flags.device, 'device') } : { filter };
}

/** Reads each `KEY=VALUE`. Throws `INVALID_INPUT`, also when a key has two values. */
export function tagsOf(texts: string[]): Record<string, string> {
  const tags = new Map<string, string>();
  for (const text of texts) {
    const [key, value] = tagOf(text);
    const earlier = tags.get(key) ?? value;
    if (earlier !== value) throw invalidTag(`"${key}" is given as "${earlier}" and as "${value}"`);
    tags.set(key, value);
  }
  return Object.fromEntries(tags);
}

function tagOf(text: string): [string, string] {
  const [key = '', ...value] = text.split('=');
  if (key === '' || value.length === 0) throw invalidTag(`"${text}" is not KEY=VALUE`);
  // Objects are checked without it, as if it had not been given.
  if (key === '__proto__') throw invalidTag(`no tag is called "${key}"`);
  return [key, value.join('=')];
}

const invalidTag = (message: string) =>
  new PushrodError('INVALID_INPUT', `tag: ${message}`, [{ field: 'tag', message }]);
