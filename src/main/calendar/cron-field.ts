import type { ErrorDetail } from '../../shared/errors.ts';

/** One field of a cron expression, read. */
export interface CronField {
  /** As it was written. */
  text: string;
  /** Begins with `*`: it restricts nothing by itself, also as `*` with a step (crontab(5) of Vixie cron). */
  isWild: boolean;
  /** In order, each once; days of the week from 0 (Sunday) to 6. */
  values: number[];
  /** `L`: the last day of the month. */
  isLastDay: boolean;
  /** `MON#1`, `FRIL`: the first Monday, the last Friday of the month. */
  ordinals: Ordinal[];
}

export interface Ordinal {
  weekday: number;
  /** From 1 to 5, or the last. */
  nth: number | 'last';
}

export interface FieldKind {
  /** As messages name it. */
  name: string;
  low: number;
  high: number;
  /** Names of its values, the first for `low`. */
  names?: string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export const fieldKinds = {
  second: { name: 'second', low: 0, high: 59 },
  minute: { name: 'minute', low: 0, high: 59 },
  hour: { name: 'hour', low: 0, high: 23 },
  dayOfMonth: { name: 'day of month', low: 1, high: 31 },
  month: { name: 'month', low: 1, high: 12, names: months },
  /** 7 is Sunday, too. */
  dayOfWeek: { name: 'day of week', low: 0, high: 7, names: weekdays },
} as const satisfies Record<string, FieldKind>;

/** The fields of an expression. */
export type CronFields = Readonly<Record<keyof typeof fieldKinds, CronField>>;

/** Reads one field; what is wrong with it is added to `faults`. */
export function readField(kind: FieldKind, text: string, faults: ErrorDetail[]): CronField {
  const field: CronField = { text, isWild: /^[*?]/.test(text), values: [], isLastDay: false, ordinals: [] };
  try {
    for (const item of text.split(',')) readItem(kind, item.toUpperCase(), field);
  } catch (fault) {
    if (!(fault instanceof FieldFault)) throw fault;
    faults.push({ field: kind.name, message: fault.message });
  }
  return { ...field, values: [...new Set(field.values)].sort((a, b) => a - b) };
}

class FieldFault extends Error {}

function readItem(kind: FieldKind, item: string, field: CronField): void {
  if (item === '') throw new FieldFault(`"${field.text}" has an empty part; take the comma out`);
  if (kind === fieldKinds.dayOfMonth && item === 'L') {
    field.isLastDay = true;
    return;
  }
  const ordinal = kind === fieldKinds.dayOfWeek ? ordinalOf(kind, item) : undefined;
  if (ordinal) field.ordinals.push(ordinal);
  else field.values.push(...rangeOf(kind, item).map((value) => (kind === fieldKinds.dayOfWeek ? value % 7 : value)));
}

function ordinalOf(kind: FieldKind, item: string): Ordinal | undefined {
  const [, day, hash, last] = /^(.*?)(?:#(.*)|(L))$/.exec(item) ?? [];
  if (day === undefined) return undefined;
  if (day === '') throw new FieldFault(`"${item}" lacks its day; the last Friday is FRIL, the first Monday MON#1`);
  const weekday = valueIn(kind, day) % 7;
  if (last !== undefined || hash === 'L') return { weekday, nth: 'last' };
  if (/^[1-5]$/.test(hash ?? '')) return { weekday, nth: Number(hash) };
  throw new FieldFault(`"${item}" is none of a month; after # comes 1 to 5, and the last one is ${day}L`);
}

function rangeOf(kind: FieldKind, item: string): number[] {
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0) throw new FieldFault(`"${item}" has two steps; keep one`);
  const isDay = kind === fieldKinds.dayOfMonth || kind === fieldKinds.dayOfWeek;
  const [from, to] = range === '*' || (range === '?' && isDay) ? [kind.low, highestOf(kind)] : endsOf(kind, range);
  if (step !== undefined && from === to) {
    throw new FieldFault(`"${item}" has a step without a range; write ${range}-${highestOf(kind)}/${step}`);
  }
  const by = step === undefined ? 1 : stepOf(kind, item, step);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

/** `*` of the day of the week does not count Sunday twice. */
const highestOf = (kind: FieldKind) => (kind === fieldKinds.dayOfWeek ? 6 : kind.high);

function endsOf(kind: FieldKind, range: string): [number, number] {
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) throw new FieldFault(`"${range}" is no range; write it as ${exampleRange(kind)}`);
  const from = valueIn(kind, first);
  if (last === undefined) return [from, from];
  const to = valueIn(kind, last);
  // SUN ends a week as well as it begins one.
  if (kind === fieldKinds.dayOfWeek && to === 0 && from > 0) return [from, 7];
  if (from <= to) return [from, to];
  const mended = `${first}-${nameOf(kind, highestOf(kind))},${nameOf(kind, kind.low)}-${last}`;
  throw new FieldFault(`the range "${range}" goes backwards; write ${mended}`);
}

const nameOf = (kind: FieldKind, value: number) => kind.names?.[value - kind.low] ?? String(value);

const exampleRange = (kind: FieldKind) => `${nameOf(kind, kind.low)}-${nameOf(kind, kind.low + 4)}`;

function stepOf(kind: FieldKind, item: string, step: string): number {
  const most = kind.high - kind.low + 1;
  const value = /^\d+$/.test(step) ? Number(step) : 0;
  if (value >= 1 && value <= most) return value;
  throw new FieldFault(`the step of "${item}" is not from 1 to ${most}; every fourth is */4`);
}

function valueIn(kind: FieldKind, text: string): number {
  const named = kind.names?.indexOf(text) ?? -1;
  if (named >= 0) return named + kind.low;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= kind.low && value <= kind.high) return value;
  throw new FieldFault(`"${text}" is not ${allowed(kind)}${hintAbout(kind, text)}`);
}

function allowed({ low, high, names }: FieldKind): string {
  return `from ${low} to ${high}${names ? `, or ${names[0]} to ${names.at(-1)}` : ''}`;
}

function hintAbout(kind: FieldKind, text: string): string {
  if (/^L/.test(text)) return '; L is for days: L is the last day of the month, FRIL the last Friday';
  if (text.includes('#')) return '; # is for the day of week: MON#1 is the first Monday';
  if (/W$/.test(text)) return '; the nearest weekday (W) is not known here, name the days instead';
  if (text.startsWith('+')) return '; days of month and of week cannot be combined by +, MON#1 may do';
  if (kind === fieldKinds.hour && text === '24') return '; midnight is 0';
  const near = kind.names?.find((name) => text.length > 3 && text.startsWith(name));
  return near ? `; write ${near}` : '';
}
