import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { PushrodError } from '../shared/errors.ts';
import type { pushRequest } from '../shared/model/index.ts';
import { flagOf } from './flag-names.ts';
import { parseDurationMs, parsePercent, parseRate, parseShare, parseWhole } from './units.ts';
import { addWindowFlags, type WindowFlags, windowsOf } from './window-flags.ts';

/** How a push is carried out, as commander gives it. */
export interface PushFlags extends WindowFlags {
  profile?: string;
  name?: string;
  concurrency?: string;
  retries?: string;
  rateLimit?: string;
  hostKeys?: 'accept-new' | 'strict' | 'ask';
  timeout?: string;
  maxFailures?: string;
  phases?: string;
  phaseSuccess?: string;
  phaseWait?: string;
  approvePhases?: boolean;
  order?: 'name' | 'random';
  stageOnly?: boolean;
  onConnect?: boolean;
  patience?: string;
  start?: string;
  windowStart?: string;
  allowDowngrade?: boolean;
  force?: boolean;
}

type PushSettings = Omit<z.input<typeof pushRequest>, 'firmware' | 'selection'>;
type RunSettings = Omit<PushSettings, 'startAt' | 'windows' | 'blackouts'>;

export function addPushFlags(command: Command): Command {
  return addRunFlags(addWindowFlags(command))
    .option('--start <time>', 'begin then, ISO 8601 with a zone')
    .option('--window-start <cron>', 'only while a window is open, which opens then; say its end and --tz as well');
}

/** What a schedule takes as well. */
export function addRunFlags(command: Command): Command {
  return command
    .option('--profile <name>', 'for every device, instead of its own')
    .option('--name <name>', 'name of this update')
    .option('--concurrency <n>', 'devices at the same time (32)')
    .option('--retries <n>', 'further tries after a failure that may pass (0)')
    .option('--rate-limit <rate>', 'bytes a second for all devices of this push, such as 20M')
    .option('--timeout <duration>', 'how long one device may take, up to its activation')
    .option('--host-keys <policy>', 'accept-new (default), strict or ask')
    .option('--max-failures <n|n%>', 'begin no further device once more than these have failed')
    .option('--phases <list>', 'begin with some, then more: 10%,50%,100%')
    .option('--phase-success <percent>', 'of a phase, how many must succeed for the next one to begin (100%)')
    .option('--phase-wait <duration>', 'how long to wait after each phase')
    .option('--approve-phases', 'wait for "updates approve ID" after each phase')
    .addOption(new Option('--order <order>', 'in which order phases take devices (name)').choices(['name', 'random']))
    .option('--stage-only', 'up to the verified file in its place; "updates activate ID" goes on from there')
    .option('--on-connect', 'begin each device when it is next seen, and wait for the others')
    .option(
      '--patience <duration>',
      'how long to wait for a device that is not seen, or that another bench has; then skip it',
    )
    .option('--allow-downgrade', 'also to devices that run a newer version')
    .option('--force', 'also to devices that run this very firmware already');
}

/** Reads the flags. Throws `INVALID_INPUT`. */
export function pushSettingsOf(flags: PushFlags): PushSettings {
  const windows = windowsOf(flags, flags.windowStart, 'window-start');
  const given = { startAt: flags.start, ...(windows.length > 0 && { windows }) };
  return { ...runSettingsOf(flags), ...withoutUndefined(given) };
}

/** Reads the flags that a schedule takes as well. Throws `INVALID_INPUT`. */
export function runSettingsOf(flags: PushFlags): RunSettings {
  const { profile, name, hostKeys, stageOnly, onConnect, allowDowngrade, force } = flags;
  const given = {
    ...{ profile, name, hostKeys, stageOnly, onConnect, allowDowngrade, force },
    concurrency: read(flags.concurrency, (text) => parseWhole(text, 'concurrency', 1)),
    retries: read(flags.retries, (text) => parseWhole(text, 'retries', 0)),
    rateLimitBytesPerSecond: read(flags.rateLimit, (text) => parseRate(text, 'rate-limit')),
    deviceTimeoutMs: read(flags.timeout, (text) => parseDurationMs(text, 'timeout')),
    maxFailures: read(flags.maxFailures, (text) => parseShare(text, 'max-failures')),
    patienceMs: read(flags.patience, (text) => parseDurationMs(text, 'patience')),
    rollout: rolloutOf(flags),
  };
  return withoutUndefined(given);
}

const withoutUndefined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

function rolloutOf(flags: PushFlags): PushSettings['rollout'] {
  for (const field of ['phaseSuccess', 'phaseWait', 'approvePhases', 'order'] as const) {
    needs(flags, field, 'phases', 'it is about phases: say which with --phases 10%,50%,100%');
  }
  if (flags.phases === undefined) return undefined;
  return {
    phases: flags.phases.split(',').map((text) => ({ upTo: parseShare(text.trim(), 'phases') })),
    successPercent: read(flags.phaseSuccess, (text) => parsePercent(text, 'phase-success')),
    waitMs: read(flags.phaseWait, (text) => parseDurationMs(text, 'phase-wait')),
    needsApproval: flags.approvePhases,
    order: flags.order,
  };
}

const read = <T>(text: string | undefined, parse: (text: string) => T): T | undefined =>
  text === undefined ? undefined : parse(text);

function needs(flags: PushFlags, field: keyof PushFlags, other: keyof PushFlags, message: string): void {
  if (flags[field] === undefined || flags[other] !== undefined) return;
  const name = flagOf(field);
  throw new PushrodError('INVALID_INPUT', `${name}: ${message}`, [{ field: name, message }]);
}
