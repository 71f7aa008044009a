import type { CronField, CronFields } from './cron-field.ts';
import { listed, monthNames, ordinal, ranges, weekdayNames } from './words.ts';

/** On which days a cron expression runs: `Every day`, `Sundays`, `On the 1st and 15th of the month`. */
export function describeDays({ dayOfMonth, month, dayOfWeek }: CronFields): string {
  const months = month.values.length === 12 ? undefined : listed(ranges(month.values, nameOfMonth));
  const anyDate = dayOfMonth.values.length === 31;
  const anyWeekday = dayOfWeek.values.length === 7;
  const bothMustFit = dayOfMonth.isWild || dayOfWeek.isWild;
  const isEveryDay = bothMustFit ? anyDate && anyWeekday : anyDate || anyWeekday;
  if (isEveryDay) return months === undefined ? 'Every day' : `Every day in ${months}`;
  const ofMonths = `of ${months ?? 'the month'}`;
  if (bothMustFit && anyWeekday) return `On ${datesOf(dayOfMonth)} ${ofMonths}`;
  if (bothMustFit && anyDate) return weekdaysAlone(dayOfWeek, months, ofMonths);
  const dates = `${datesOf(dayOfMonth)} ${ofMonths}`;
  if (bothMustFit) return `On ${dates} where that is ${aWeekdayOf(dayOfWeek)}`;
  return `On ${dates} and also on ${weekdaysIn(dayOfWeek)}${months === undefined ? '' : ` in ${months}`}`;
}

function weekdaysAlone(dayOfWeek: CronField, months: string | undefined, ofMonths: string): string {
  if (dayOfWeek.ordinals.length > 0) {
    return dayOfWeek.values.length > 0
      ? `On ${weekdaysIn(dayOfWeek)}${months === undefined ? '' : ` in ${months}`}`
      : `On ${listed(ordinalsOf(dayOfWeek))} ${ofMonths}`;
  }
  return `${listed(pluralsOf(dayOfWeek))}${months === undefined ? '' : ` in ${months}`}`;
}

const nameOfMonth = (month: number) => monthNames[month - 1] ?? '';
const nameOfWeekday = (weekday: number) => weekdayNames[weekday] ?? '';

function datesOf({ values, isLastDay }: CronField): string {
  const dates = ranges(values, ordinal);
  const all = [...dates.map((date) => `the ${date}`), ...(isLastDay ? ['the last day'] : [])];
  // Only the first of several dates needs its article: the 1st, 2nd and 15th and the last day.
  return listed(all.map((text, index) => (index > 0 && index < dates.length ? text.slice('the '.length) : text)));
}

/** A week begins on Monday here, so that a weekend is one range. */
const mondayFirst = (values: number[]) => values.map((value) => (value === 0 ? 7 : value)).sort((a, b) => a - b);

const pluralsOf = ({ values }: CronField) => ranges(mondayFirst(values), (value) => `${nameOfWeekday(value % 7)}s`);

const nthNames = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

const ordinalsOf = ({ ordinals }: CronField) =>
  ordinals.map(({ weekday, nth }) => `the ${nth === 'last' ? nth : nthNames[nth]} ${nameOfWeekday(weekday)}`);

/** Days of the week in the middle of a sentence. */
function weekdaysIn(field: CronField): string {
  const nth = ordinalsOf(field).map((text, index, all) => (index === all.length - 1 ? `${text} of the month` : text));
  return listed([...pluralsOf(field), ...nth]);
}

function aWeekdayOf(field: CronField): string {
  const days = mondayFirst(field.values).map((value) => `a ${nameOfWeekday(value % 7)}`);
  return listed([...days, ...ordinalsOf(field)], 'or');
}
