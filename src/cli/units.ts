import { PushrodError } from '../shared/errors.ts';
import { type Share, timestamp } from '../shared/model/index.ts';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Reads a duration, ISO 8601 (`PT30M`) or a number with its unit (`90s`), as milliseconds. Throws `INVALID_INPUT`. */
export function parseDurationMs(text: string, field: string): number {
  const short = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (short) return Math.round(Number(short[1]) * unitMs[short[2] as keyof typeof unitMs]);
  const long = iso.exec(text);
  if (long && /\d/.test(text)) {
    const [days, hours, minutes, seconds] = long.slice(1).map((part) => Number(part ?? 0));
    return Math.round(
      (days ?? 0) * unitMs.d + (hours ?? 0) * unitMs.h + (minutes ?? 0) * unitMs.m + (seconds ?? 0) * unitMs.s,
    );
  }
  const message = `"${text}" is not a duration; write it with its unit, such as 90s, 30m or PT30M`;
  throw new PushrodError('INVALID_INPUT', `${field}: ${message}`, [{ field, message }]);
}

/** Writes milliseconds so that {@link parseDurationMs} reads them back. */
export function formatDuration(ms: number): string {
  return ms % unitMs.s === 0 ? `${ms / unitMs.s}s` : `${ms}ms`;
}

/** Reads a whole number from `least` to `most`. Throws `INVALID_INPUT`. */
export function parseWhole(text: string, field: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const message = `"${text}" is not a whole number ${most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`}`;
  throw new PushrodError('INVALID_INPUT', `${field}: ${message}`, [{ field, message }]);
}

/** The word that goes with a number of devices. */
export const devicesOf = (count: number) => (count === 1 ? 'device' : 'devices');

const sizeUnits = { '': 1, k: 1024, M: 1024 ** 2, G: 1024 ** 3 } as const;

/** Reads bytes a second, with the suffixes k, M and G of 1024. Throws `INVALID_INPUT`. */
export function parseRate(text: string, field: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
  if (number !== undefined) return Math.round(Number(number) * sizeUnits[unit as keyof typeof sizeUnits]);
  const message = `"${text}" is not a rate; write bytes a second, such as 500k, 20M or 1G`;
  throw new PushrodError('INVALID_INPUT', `${field}: ${message}`, [{ field, message }]);
}

/** Writes bytes so that {@link parseRate} reads them back. */
export function formatSize(bytes: number): string {
  const unit = (['G', 'M', 'k'] as const).find((one) => bytes % sizeUnits[one] === 0);
  return unit === undefined ? String(bytes) : `${bytes / sizeUnits[unit]}${unit}`;
}

/** Reads a number of devices, or a percentage of them: `4`, `25%`. Throws `INVALID_INPUT`. */
export function parseShare(text: string, field: string): Share {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (percent === '%' && Number(number) <= 100) return { percent: Number(number) };
  if (percent === '' && Number.isInteger(Number(number))) return { devices: Number(number) };
  const message = `"${text}" is neither a number of devices nor a percentage; write 4 or 25%`;
  throw new PushrodError('INVALID_INPUT', `${field}: ${message}`, [{ field, message }]);
}

/** Reads a percentage: `95%`, `99.5`. Throws `INVALID_INPUT`. */
export function parsePercent(text: string, field: string): number {
  const value = /^\d+(?:\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (value <= 100) return value;
  const message = `"${text}" is not a percentage, such as 95%`;
  throw new PushrodError('INVALID_INPUT', `${field}: ${message}`, [{ field, message }]);
}

/** Reads a moment, ISO 8601 with a zone. Throws `INVALID_INPUT`. */
export function parseTime(text: string, field: string): Date {
  const read = timestamp.safeParse(text);
  if (read.success) return new Date(read.data);
  const message = `"${text}" is ${read.error.issues[0]?.message}`;
  throw new PushrodError('INVALID_INPUT', `${field}: ${message}`, [{ field, message }]);
}
