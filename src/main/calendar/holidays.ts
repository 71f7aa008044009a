import ICAL from 'ical.js';
import { type ErrorDetail, PushrodError } from '../../shared/errors.ts';
import type { Blackout } from '../../shared/model/index.ts';
import { type IcsLine, icsEvents } from './ics-events.ts';

/** Nobody keeps so many holidays; a rule that gives more is a mistake. */
const mostDays = 20_000;
const longestName = 200;

/**
 * The all-day events of an iCalendar file (RFC 5545), a day each, in order. Events that repeat are followed to the end of
 * `throughYear`; cancelled ones are left out, moved ones are where they were moved to.
 * @throws PushrodError `INVALID_INPUT`, with the line of everything that cannot be read as all-day events
 */
export function holidaysFromIcs(text: string, throughYear = 2100): Blackout[] {
  const faults: ErrorDetail[] = [];
  const events = icsEvents(text, faults).flatMap((lines) => readEvent(lines, faults) ?? []);
  const moved = new Set(events.flatMap(({ uid, movedFrom }) => (movedFrom ? [`${uid} ${movedFrom}`] : [])));
  const names = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.isCancelled) continue;
    if (event.days > mostDays) throw tooMany(event);
    for (const start of startsOf(event, throughYear)) {
      if (!event.movedFrom && moved.has(`${event.uid} ${start}`)) continue;
      for (const day of daysFrom(start, event.days)) names.set(day, (names.get(day) ?? new Set()).add(event.name));
      if (names.size > mostDays) throw tooMany(event);
    }
  }
  if (faults.length > 0) throw unreadable(faults);
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, said]) => ({ date, name: [...said].filter(Boolean).join(', ').slice(0, longestName) || undefined }));
}

interface AllDayEvent {
  /** Where it begins in the file. */
  line: number;
  uid: string;
  name: string;
  event: ICAL.Event;
  days: number;
  isCancelled: boolean;
  /** Of one that stands for a single day of an event that repeats, that day. */
  movedFrom: string | undefined;
}

const dayMs = 86_400_000;
const dayOf = (time: ICAL.Time) => time.toString().slice(0, 10);

function readEvent(lines: IcsLine[], faults: ErrorDetail[]): AllDayEvent | undefined {
  const line = lines[0]?.line ?? 1;
  const lineOf = (name: RegExp) => lines.find(({ text }) => name.test(text))?.line ?? line;
  const wrong = wrongDates(lines);
  if (wrong.length > 0) {
    faults.push(...wrong);
    return undefined;
  }
  try {
    const component = parseEvent(lines.map(({ text }) => text));
    const event = new ICAL.Event(component);
    if (!component.hasProperty('dtstart')) throw new Error('the event has no DTSTART');
    const days = Math.round((event.endDate.toUnixTime() - event.startDate.toUnixTime()) * 1_000) / dayMs;
    if (!isAllDay(event) || !Number.isInteger(days) || days < 1) {
      const message = 'only all-day events can be taken: write DTSTART;VALUE=DATE:20261225, or take this event out';
      faults.push({ line: lineOf(/^DTSTART/i), message });
      return undefined;
    }
    const movedFrom = component.hasProperty('recurrence-id') ? dayOf(event.recurrenceId) : undefined;
    const isCancelled = String(component.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED';
    return { line, uid: event.uid, name: event.summary?.trim() ?? '', event, days, isCancelled, movedFrom };
  } catch (thrown) {
    faults.push({
      line: faultyLine(lines) ?? line,
      message: thrown instanceof Error ? thrown.message : String(thrown),
    });
    return undefined;
  }
}

const parseEvent = (lines: string[]) => new ICAL.Component(ICAL.parse(lines.join('\r\n')));

/** Some programs write midnight to midnight instead of dates. */
function isAllDay({ startDate, endDate }: ICAL.Event): boolean {
  if (startDate.isDate) return true;
  const isMidnight = ({ hour, minute, second }: ICAL.Time) => hour + minute + second === 0;
  return isMidnight(startDate) && isMidnight(endDate) && startDate.zone !== ICAL.Timezone.utcTimezone;
}

/** ical.js takes 31 April for 1 May. */
function wrongDates(lines: IcsLine[]): ErrorDetail[] {
  return lines.flatMap(({ line, text }) => {
    if (!/^(DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID)\b/i.test(text)) return [];
    const values = text.slice(text.lastIndexOf(':') + 1).split(',');
    const wrong = values.find((value) => !isDate(value.slice(0, 8)));
    return wrong === undefined ? [] : [{ line, message: `"${wrong}" is no date; write it as 20261225` }];
  });
}

function isDate(digits: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(digits) ?? [];
  const date = new Date(`${year}-${month}-${day}`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}

/** The line that cannot be read by itself. */
function faultyLine(lines: IcsLine[]): number | undefined {
  return lines.find(({ text }) => {
    if (/^(BEGIN|END):/i.test(text)) return false;
    try {
      parseEvent(['BEGIN:VEVENT', text, 'END:VEVENT']);
      return false;
    } catch {
      return true;
    }
  })?.line;
}

function startsOf(found: AllDayEvent, throughYear: number): string[] {
  const { event, movedFrom } = found;
  const first = dayOf(event.startDate);
  if (movedFrom || !event.isRecurring()) return [first];
  const { component } = event;
  const starts = new Set<string>();
  const rule = component.getFirstPropertyValue('rrule') as ICAL.Recur | null;
  // RFC 5545, 3.8.5.2: what RDATE adds, it adds to the event's own day.
  const isExcluded = component
    .getAllProperties('exdate')
    .some((one) => one.getValues().some((day) => dayOf(day as ICAL.Time) === first));
  if (!rule && !isExcluded) starts.add(first);
  const expansion = event.iterator();
  for (let next = expansion.next(); next && next.year <= throughYear; next = expansion.next()) {
    if (!rule || isInCalendar(rule, event.startDate, next)) starts.add(dayOf(next));
    if (starts.size > mostDays) throw tooMany(found);
  }
  return [...starts];
}

/** RFC 5545, 3.3.10: a rule's day that a month lacks is left out. ical.js takes the day after: 1 March for 29 February. */
function isInCalendar({ freq, parts }: ICAL.Recur, start: ICAL.Time, { day }: ICAL.Time): boolean {
  const days = parts.BYMONTHDAY?.map(Number);
  if (days) return days.includes(day) || days.some((one) => one < 0);
  const hasOtherParts = ['BYDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYSETPOS'].some((part) => Object.hasOwn(parts, part));
  return hasOtherParts || (freq !== 'YEARLY' && freq !== 'MONTHLY') || day === start.day;
}

function daysFrom(start: string, count: number): string[] {
  const startMs = Date.parse(start);
  return Array.from({ length: count }, (_, index) => new Date(startMs + index * dayMs).toISOString().slice(0, 10));
}

const tooMany = ({ line }: AllDayEvent) => unreadable([{ line, message: `it makes more than ${mostDays} days` }]);

function unreadable(faults: ErrorDetail[]): PushrodError {
  const ordered = faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return new PushrodError('INVALID_INPUT', 'The holidays cannot be read from this calendar.', ordered);
}
