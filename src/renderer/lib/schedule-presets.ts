/** When something runs, as a technician says it. */
export type Preset =
  | { kind: 'nightly'; time: string }
  /** Days from 0, Sunday, to 6. */
  | { kind: 'weekdays'; time: string; days: number[] }
  | { kind: 'cron'; cron: string };

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The cron expression of a time of day (`HH:MM`) on every day, or on some days of the week. */
export function cronOf(preset: Preset): string {
  if (preset.kind === 'cron') return preset.cron;
  const [hour = 0, minute = 0] = preset.time.split(':').map(Number);
  const days = preset.kind === 'nightly' ? [] : [...new Set(preset.days)].sort(mondayFirst);
  return `${minute} ${hour} * * ${days.map((day) => dayNames[day]).join() || '*'}`;
}

/** What a cron expression says, as a technician would; one that is none of these stays an expression. */
export function presetOf(cron: string): Preset {
  const [minute = '', hour = '', date, month, weekday = '', ...more] = cron.trim().split(/\s+/);
  const isTime = isBelow(hour, 24) && isBelow(minute, 60);
  const other: Preset = { kind: 'cron', cron };
  if (more.length > 0 || !isTime || date !== '*' || month !== '*') return other;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (weekday === '*') return { kind: 'nightly', time };
  const days = weekday.split(',').flatMap(daysOf);
  if (days.includes(undefined)) return other;
  return { kind: 'weekdays', time, days: [...new Set(days as number[])].sort(mondayFirst) };
}

const isBelow = (text: string, limit: number) => /^\d{1,2}$/.test(text) && Number(text) < limit;

/** A week begins on Monday. */
const mondayFirst = (one: number, other: number) => ((one + 6) % 7) - ((other + 6) % 7);

/** Of one name or number, or of a range of them. */
function daysOf(text: string): (number | undefined)[] {
  const [first, last, ...more] = text.split('-').map(dayOf);
  if (!text.includes('-')) return [first];
  if (first === undefined || last === undefined || more.length > 0) return [undefined];
  const end = last === 0 ? 7 : last;
  if (first > end) return [undefined];
  return Array.from({ length: end - first + 1 }, (_, index) => (first + index) % 7);
}

function dayOf(text: string): number | undefined {
  const named = dayNames.indexOf(text.toUpperCase());
  if (named >= 0) return named;
  return /^[0-7]$/.test(text) ? Number(text) % 7 : undefined;
}
