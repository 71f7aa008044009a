import { formatBytes as withPoint } from '../../shared/format-bytes.ts';
import { locale, t } from '../messages/index.ts';

/** Bytes in units of 1024, three digits at most. */
export function formatBytes(bytes: number): string {
  const [number = '', unit] = withPoint(bytes).split(' ');
  const digits = number.split('.')[1]?.length ?? 0;
  return `${numbers(digits).format(Number(number))} ${unit}`;
}

/** `12,431` */
export function formatNumber(value: number): string {
  return numbers(0).format(value);
}

/** Making one takes longer than many uses of it, and a list shows hundreds of numbers and times. */
const numberFormats = new Map<string, Intl.NumberFormat>();

function numbers(minimumFractionDigits: number): Intl.NumberFormat {
  const key = `${minimumFractionDigits} ${locale()}`;
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(locale(), { minimumFractionDigits });
  numberFormats.set(key, format);
  return format;
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `0:07`, `12:30`, `1:02:03` */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Whole per cent, 100 only when all of it is there. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(100, Math.floor((part * 100) / whole));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function written(at: Date, style: 'date' | 'time' | 'both'): string {
  const key = `${style} ${locale()}`;
  const formatter =
    formatters.get(key) ??
    new Intl.DateTimeFormat(locale(), {
      dateStyle: style === 'time' ? undefined : 'medium',
      timeStyle: style === 'date' ? undefined : 'medium',
    });
  formatters.set(key, formatter);
  return formatter.format(at);
}

export function formatTime(timestamp: string): string {
  return written(new Date(timestamp), 'both');
}

/** The time of day if it is today's, else the day. */
export function formatRecent(timestamp: string): string {
  const at = new Date(timestamp);
  return written(at, at.toDateString() === new Date().toDateString() ? 'time' : 'date');
}

/** The time of day, to the second. */
export function formatClock(time: string | number): string {
  return written(new Date(time), 'time');
}

const dayOf = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
const timeOf = { hour: '2-digit', minute: '2-digit' } as const;

/** A day of the week, a date and a time to the minute; by the wall clock of `zone`, else by the one here. */
export function formatMoment(timestamp: string, zone?: string): string {
  return new Date(timestamp).toLocaleString(locale(), { ...dayOf, ...timeOf, timeZone: zone });
}

/** A moment by the wall clock of `zone`, as one reads it beside that of the clock here: the day is said if it is another. */
export function formatThere(timestamp: string, zone: string): string {
  const at = new Date(timestamp);
  const dayIn = (timeZone?: string) => at.toLocaleDateString(locale(), { ...dayOf, timeZone });
  if (dayIn(zone) !== dayIn()) return formatMoment(timestamp, zone);
  return at.toLocaleTimeString(locale(), { ...timeOf, timeZone: zone });
}

/** A day of the calendar, `YYYY-MM-DD`, wherever it is looked at. */
export function formatDay(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(locale(), { ...dayOf, timeZone: 'UTC' });
}

/** The time of day to the minute, by the wall clock of `zone`. */
export function formatTimeOfDay(timestamp: string, zone: string): string {
  return new Date(timestamp).toLocaleTimeString(locale(), { ...timeOf, timeZone: zone });
}

/** The short name of a day of the week, 0 being Sunday. */
export function formatWeekday(day: number): string {
  // The fourth of January 1970 was a Sunday.
  return new Date(Date.UTC(1970, 0, 4 + day)).toLocaleDateString(locale(), { weekday: 'short', timeZone: 'UTC' });
}

/** Day and month of a day of the calendar, `YYYY-MM-DD`, in digits: `11/29`, `29.11.` */
export function formatDayOfMonth(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(locale(), {
    day: 'numeric',
    month: 'numeric',
    timeZone: 'UTC',
  });
}

/** How long it still is: `in 12 min`, `in 3 h 20 min`, `in 5 days`. */
export function formatUntil(timestamp: string, nowMs: number): string {
  const minutes = Math.floor((Date.parse(timestamp) - nowMs) / 60_000);
  const words = t().common.until;
  if (minutes < 0) return words.now;
  if (minutes < 1) return words.soon;
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return words.days(Math.floor(hours / 24));
  return words.hours(hours, hours >= 24 ? 0 : minutes % 60);
}
