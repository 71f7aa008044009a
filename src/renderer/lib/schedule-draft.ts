import type { z } from 'zod';
import type {
  Blackout,
  DeviceSelection,
  NamedSchedule,
  Sha256,
  SiteWindow,
  schedule as scheduleSchema,
  scheduleTimes,
} from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { cronOf, type Preset, presetOf } from './schedule-presets.ts';

type ScheduleInput = z.input<typeof scheduleSchema>;
export type TimesInput = z.input<typeof scheduleTimes>;

/** A schedule as a form has it: choices, and text as it was typed. `kept` is what the form cannot say; it stays. */
export interface ScheduleDraft {
  name: string;
  firmware: Sha256 | 'latest' | 'kept';
  target: 'all' | 'location' | 'model' | 'selected' | 'kept';
  location: string;
  model: string;
  when: 'nightly' | 'sundays' | 'weekdays' | 'once' | 'cron' | 'kept';
  /** `HH:MM` */
  time: string;
  /** Days from 0, Sunday, to 6. */
  days: number[];
  /** By the clock here: `YYYY-MM-DDTHH:MM`. */
  onceAt: string;
  cron: string;
  clock: 'here' | 'zone' | 'site';
  zone: string;
  ends: 'never' | 'at' | 'after';
  /** `HH:MM` */
  endAt: string;
  /** `null` where the field is empty. */
  endAfterMinutes: number | null;
  cutoffMinutes: number | null;
  blackouts: Blackout[];
  /** By the clock here, `YYYY-MM-DDTHH:MM`; empty where it has no end. */
  endsAt: string;
  maxRuns: number | null;
  graceMinutes: number | null;
  concurrency: number | null;
  retries: number | null;
  stageOnly: boolean;
}

/** Something the form still needs. */
export interface Missing {
  part: 'when' | 'zone' | 'end';
  message: string;
}

const minuteMs = 60_000;

const empty: ScheduleDraft = {
  ...{ name: '', firmware: 'latest', target: 'all', location: '', model: '' },
  ...{ when: 'nightly', time: '02:00', days: [0], onceAt: '', cron: '0 2 * * SUN' },
  ...{ clock: 'here', zone: '', ends: 'at', endAt: '04:00', endAfterMinutes: 120, cutoffMinutes: null },
  ...{ blackouts: [], endsAt: '', maxRuns: null, graceMinutes: null, concurrency: 32, retries: 0, stageOnly: false },
};

/** What a form begins with: a new schedule, or one that is changed. @param zoneHere of whoever fills it in */
export function draftOf(schedule: NamedSchedule | undefined, zoneHere: string): ScheduleDraft {
  if (!schedule) return { ...empty };
  const { name, blackouts, push, endsAt, maxRuns = null, graceMs } = schedule;
  const { firmware, selection, concurrency, retries, stageOnly } = push;
  return {
    ...empty,
    ...{ name, blackouts, maxRuns, concurrency, retries, stageOnly },
    endsAt: endsAt === undefined ? '' : localText(new Date(endsAt)),
    graceMinutes: graceMs === undefined ? null : graceMs / minuteMs,
    ...(typeof firmware === 'string' ? { firmware } : { firmware: 'kept' }),
    ...draftOfSelection(selection),
    ...draftOfTimes(schedule, zoneHere),
  };
}

function draftOfSelection(selection: DeviceSelection): Partial<ScheduleDraft> {
  if ('all' in selection) return { target: 'all' };
  if ('ids' in selection) return { target: 'kept' };
  const { location, model, ...others } = selection.filter;
  const isOnly = Object.keys(others).length === 0;
  const [place, type] = [location?.[0], model?.[0]];
  if (isOnly && location?.length === 1 && place && !model) return { target: 'location', location: place };
  if (isOnly && model?.length === 1 && type && !location) return { target: 'model', model: type };
  return { target: 'kept' };
}

function draftOfTimes({ starts, windows }: NamedSchedule, zoneHere: string): Partial<ScheduleDraft> {
  const [window, ...more] = windows;
  if (starts.kind === 'windows' && window && more.length === 0 && isOfMinutes(window)) {
    const { start, tz, cutoffMs = 0 } = window;
    const cutoffMinutes = cutoffMs === 0 ? null : cutoffMs / minuteMs;
    const ending: Partial<ScheduleDraft> =
      'end' in window
        ? { ends: 'at', endAt: window.end }
        : { ends: 'after', endAfterMinutes: window.durationMs / minuteMs };
    return { ...draftOfCron(start), ...draftOfZone(tz, zoneHere), ...ending, cutoffMinutes };
  }
  if (window) return { when: 'kept' };
  if (starts.kind === 'cron')
    return { ...draftOfCron(starts.cron), ...draftOfZone(starts.tz, zoneHere), ends: 'never' };
  if (starts.kind === 'once' && Date.parse(starts.at) % minuteMs === 0) {
    return { when: 'once', onceAt: localText(new Date(starts.at)), ends: 'never' };
  }
  return { when: 'kept' };
}

function isOfMinutes(window: SiteWindow): boolean {
  const durationMs = 'durationMs' in window ? window.durationMs : 0;
  return durationMs % minuteMs === 0 && (window.cutoffMs ?? 0) % minuteMs === 0;
}

function draftOfCron(cron: string): Partial<ScheduleDraft> {
  const preset = presetOf(cron);
  if (preset.kind === 'cron') return { when: 'cron', cron };
  const { time } = preset;
  if (preset.kind === 'nightly') return { when: 'nightly', time, cron };
  return { when: preset.days.join() === '0' ? 'sundays' : 'weekdays', time, days: preset.days, cron };
}

function draftOfZone(tz: string, zoneHere: string): Partial<ScheduleDraft> {
  if (tz === 'site') return { clock: 'site' };
  return tz === zoneHere ? { clock: 'here', zone: tz } : { clock: 'zone', zone: tz };
}

const two = (value: number) => String(value).padStart(2, '0');

const localText = (at: Date) =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;

/** When the schedule of a form runs, or what that still needs. @param former the schedule that is changed */
export function timesOf(
  draft: ScheduleDraft,
  former: NamedSchedule | undefined,
  zoneHere: string,
): TimesInput | Missing {
  const { when, clock, blackouts } = draft;
  const endsAt = endOf(draft.endsAt, former);
  const rest = { blackouts: [...blackouts], ...(endsAt !== undefined && { endsAt }) };
  if (when === 'kept' && former) return { starts: former.starts, windows: former.windows, ...rest };
  if (when === 'once') {
    const at = new Date(draft.onceAt);
    if (Number.isNaN(at.getTime())) return { part: 'when', message: t().schedules.form.needs.day };
    return { starts: { kind: 'once', at: at.toISOString() }, windows: [], ...rest };
  }
  const cron = cronTextOf(draft);
  if (typeof cron === 'object') return cron;
  const tz = clock === 'zone' ? draft.zone.trim() : clock === 'here' ? zoneHere : clock;
  if (tz === '') return { part: 'zone', message: t().schedules.form.needs.zone };
  if (draft.ends === 'never') {
    return tz === 'site'
      ? { part: 'end', message: t().schedules.form.needs.siteEnd }
      : { starts: { kind: 'cron', cron, tz }, windows: [], ...rest };
  }
  const window = windowOf(draft, cron, tz);
  return 'part' in window ? window : { starts: { kind: 'windows' }, windows: [window], ...rest };
}

/** What was not touched stays to the second. */
function endOf(text: string, former: NamedSchedule | undefined): string | undefined {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return undefined;
  const before = former?.endsAt;
  return before !== undefined && localText(new Date(before)) === text ? before : at.toISOString();
}

function windowOf(
  { ends, endAt, endAfterMinutes, cutoffMinutes }: ScheduleDraft,
  start: string,
  tz: string,
): NonNullable<TimesInput['windows']>[number] | Missing {
  const cutoff = cutoffMinutes ? { cutoffMs: cutoffMinutes * minuteMs } : {};
  if (ends === 'at') return endAt === '' ? noEnd() : { start, tz, end: endAt, ...cutoff };
  return endAfterMinutes === null ? noEnd() : { start, tz, durationMs: endAfterMinutes * minuteMs, ...cutoff };
}

const noEnd = (): Missing => ({ part: 'end', message: t().schedules.form.needs.end });

/** The expression of the choices; where they mean what was there already, in the same letters. */
function cronTextOf({ when, time, days, cron }: ScheduleDraft): string | Missing {
  if (when === 'cron') {
    return cron.trim() === '' ? { part: 'when', message: t().schedules.form.needs.expression } : cron;
  }
  if (time === '') return { part: 'when', message: t().schedules.form.needs.time };
  if (when === 'weekdays' && days.length === 0) return { part: 'when', message: t().schedules.form.needs.weekday };
  const preset: Preset =
    when === 'nightly' ? { kind: 'nightly', time } : { kind: 'weekdays', time, days: when === 'sundays' ? [0] : days };
  const text = cronOf(preset);
  return cronOf(presetOf(cron)) === text ? cron : text;
}

/** What a form pushes to; `undefined` where nothing is chosen yet. */
export function selectionOf(
  { target, location, model }: ScheduleDraft,
  former: NamedSchedule | undefined,
  selected: DeviceSelection | undefined,
): DeviceSelection | undefined {
  switch (target) {
    case 'all':
      return { all: true };
    case 'location':
      return location === '' ? undefined : { filter: { location: [location] } };
    case 'model':
      return model === '' ? undefined : { filter: { model: [model] } };
    case 'selected':
      return selected;
    case 'kept':
      return former?.push.selection;
  }
}

/** The schedule of a form; what the form does not show stays as it was. */
export function scheduleOf(
  { firmware, concurrency, retries, stageOnly, maxRuns, graceMinutes }: ScheduleDraft,
  former: NamedSchedule | undefined,
  times: TimesInput,
  selection: DeviceSelection,
): ScheduleInput {
  const push = former?.push;
  return {
    ...times,
    ...(graceMinutes !== null && { graceMs: Math.round(graceMinutes * minuteMs) }),
    ...(maxRuns !== null && { maxRuns }),
    push: {
      ...push,
      ...{ selection, stageOnly, concurrency: concurrency ?? 32, retries: retries ?? 0 },
      firmware: firmware === 'kept' ? (push?.firmware ?? 'latest') : firmware,
    },
  };
}
