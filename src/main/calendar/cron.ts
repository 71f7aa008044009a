import { CronDate, CronPattern } from 'croner';
import { type ErrorDetail, PushrodError } from '../../shared/errors.ts';
import { type CronFields, fieldKinds, readField } from './cron-field.ts';
import { describeDays } from './describe-days.ts';

/** A cron expression that was read and found good. */
export interface Cron {
  /** As it was written. */
  readonly text: string;
  readonly fields: CronFields;
  /** No `*` in minute or hour: its runs are wall-clock times, not intervals of elapsed time. */
  readonly isFixedTime: boolean;
  /**
   * The first match strictly after a civil time, both counted as if they were UTC; `undefined` from the year 3000 on.
   */
  nextCivil(civilMs: number): number | undefined;
}

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Reads a cron expression of 5 fields, of 6 with seconds first, or a nickname such as `@daily`.
 * @throws PushrodError `INVALID_INPUT`, with a detail for each field in error: second, minute, hour, day of month,
 * month, day of week
 */
export function parseCron(text: string): Cron {
  const written = text.trim();
  const texts = fieldTexts(written);
  const faults: ErrorDetail[] = [];
  const read = (name: keyof CronFields, index: number) => readField(fieldKinds[name], texts[index] ?? '', faults);
  const fields = {
    second: read('second', 0),
    minute: read('minute', 1),
    hour: read('hour', 2),
    dayOfMonth: read('dayOfMonth', 3),
    month: read('month', 4),
    dayOfWeek: read('dayOfWeek', 5),
  };
  if (faults.length > 0) throw invalid(written, faults);
  const cron: Cron = {
    text: written,
    fields,
    isFixedTime: !`${fields.minute.text} ${fields.hour.text}`.includes('*'),
    nextCivil: matchesOf(fields),
  };
  if (cron.nextCivil(Date.UTC(2000, 0)) === undefined) throw invalid(written, [noSuchDay(fields)]);
  return cron;
}

function fieldTexts(text: string): string[] {
  const expression = text.startsWith('@') ? nicknames[text.toLowerCase()] : text;
  if (expression === undefined) {
    const message = `"${text}" is no nickname; there are ${Object.keys(nicknames).join(', ')}`;
    throw invalid(text, [{ message }]);
  }
  const texts = expression.match(/\S+/g) ?? [];
  if (texts.length === 5) return ['0', ...texts];
  if (texts.length === 6) return texts;
  const wanted = 'minute, hour, day of month, month, day of week; or six, with the second in front';
  throw invalid(text, [{ message: `it has ${texts.length} fields and needs five: ${wanted}` }]);
}

/** croner has a table of years for each pattern, 80 kB; none is named here, so all patterns share one. */
const everyYear = Array<number>(10_000).fill(1);

/**
 * croner finds the matches in a calendar without time zones; which instants they are is said in runs.ts. It is given
 * plain numbers. As in Vixie cron a day has to fit one of the two day fields, and both where one begins with `*`;
 * croner by itself knows only the lone `*`.
 */
function matchesOf({ second, minute, hour, dayOfMonth, month, dayOfWeek }: CronFields): Cron['nextCivil'] {
  const days = [...dayOfMonth.values, ...(dayOfMonth.isLastDay ? ['L'] : [])].join();
  const weekdays = [
    ...dayOfWeek.values,
    ...dayOfWeek.ordinals.map(({ weekday, nth }) => (nth === 'last' ? `${weekday}L` : `${weekday}#${nth}`)),
  ].join();
  const fields = [second.values, minute.values, hour.values, days, month.values, weekdays];
  const pattern = new CronPattern(fields.join(' '), undefined, { mode: '6-part' });
  pattern.year = everyYear;
  const options = { domAndDow: dayOfMonth.isWild || dayOfWeek.isWild };
  const utc = 0;
  return (civilMs) => new CronDate(new Date(civilMs), utc).increment(pattern, options, false)?.getTime();
}

function noSuchDay(fields: CronFields): ErrorDetail {
  const message = `"${describeDays(fields)}" never comes; the last day of a month is L`;
  return { field: fieldKinds.dayOfMonth.name, message };
}

function invalid(text: string, faults: ErrorDetail[]): PushrodError {
  const said = faults.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`)).join('; ');
  return new PushrodError('INVALID_INPUT', `The cron expression "${text}" cannot be used. ${said}.`, faults);
}
