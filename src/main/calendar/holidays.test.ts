import { describe, expect, it } from 'vitest';
import { PushrodError } from '../../shared/errors.ts';
import { holidaysFromIcs } from './index.ts';

const calendar = (...events: string[][]) =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN'],
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    ...['END:VCALENDAR', ''],
  ].join('\r\n');
const datesOf = (lines: string[], throughYear?: number) =>
  holidaysFromIcs(calendar(lines), throughYear).map(({ date }) => date);

describe('holidays of a calendar', () => {
  it('are its all-day events, each day of several, in order and with their names', () => {
    const text = calendar(
      ['UID:2', 'DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Christmas\\, both days'],
      ['UID:1', 'DTSTART;VALUE=DATE:20260101', 'SUMMARY:New', ' Year'],
      ['UID:3', 'DTSTART;VALUE=DATE:20261225', 'DURATION:P1D', 'SUMMARY:Stock taking'],
      ['UID:4', 'DTSTART;VALUE=DATE:20260401'],
    );
    expect(holidaysFromIcs(text)).toEqual([
      { date: '2026-01-01', name: 'NewYear' },
      { date: '2026-04-01', name: undefined },
      { date: '2026-12-25', name: 'Christmas, both days, Stock taking' },
      { date: '2026-12-26', name: 'Christmas, both days' },
    ]);
  });

  it('are read with any line ends and a byte order mark', () => {
    const text = calendar(['DTSTART;VALUE=DATE:20260101']);
    expect(holidaysFromIcs(`\uFEFF${text.replaceAll('\r\n', '\n')}`)).toHaveLength(1);
  });

  it.each([
    ['every year', ['RRULE:FREQ=YEARLY'], ['2026-11-26', '2027-11-26', '2028-11-26']],
    ['a number of times', ['RRULE:FREQ=YEARLY;COUNT=2'], ['2026-11-26', '2027-11-26']],
    ['until a day', ['RRULE:FREQ=YEARLY;UNTIL=20271126'], ['2026-11-26', '2027-11-26']],
    ['on the fourth Thursday', ['RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH'], ['2026-11-26', '2027-11-25', '2028-11-23']],
    ['with exceptions', ['RRULE:FREQ=YEARLY', 'EXDATE;VALUE=DATE:20271126'], ['2026-11-26', '2028-11-26']],
    ['on days that are listed', ['RDATE;VALUE=DATE:20270101,20270106'], ['2026-11-26', '2027-01-01', '2027-01-06']],
  ])('repeat %s', (_, lines, expected) => {
    expect(datesOf(['DTSTART;VALUE=DATE:20261126', ...lines], 2028)).toEqual(expected);
  });

  it('of 29 February are in leap years only, and of the 31st in months that have one', () => {
    expect(datesOf(['DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'], 2032)).toEqual([
      ...['2024-02-29', '2028-02-29', '2032-02-29'],
    ]);
    expect(datesOf(['DTSTART;VALUE=DATE:20260131', 'RRULE:FREQ=MONTHLY'], 2026)).toEqual([
      ...['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31', '2026-08-31', '2026-10-31', '2026-12-31'],
    ]);
  });

  it('that were moved or cancelled are where they are now', () => {
    const text = calendar(
      ['UID:a', 'DTSTART;VALUE=DATE:20260704', 'RRULE:FREQ=YEARLY'],
      ['UID:a', 'RECURRENCE-ID;VALUE=DATE:20260704', 'DTSTART;VALUE=DATE:20260703', 'SUMMARY:Observed'],
      ['UID:a', 'RECURRENCE-ID;VALUE=DATE:20270704', 'DTSTART;VALUE=DATE:20270704', 'STATUS:CANCELLED'],
      ['UID:b', 'DTSTART;VALUE=DATE:20260501', 'STATUS:CANCELLED'],
    );
    expect(holidaysFromIcs(text, 2028).map(({ date }) => date)).toEqual(['2026-07-03', '2028-07-04']);
  });

  it('may be written from midnight to midnight', () => {
    const lines = ['DTSTART;TZID=Europe/Berlin:20261225T000000', 'DTEND;TZID=Europe/Berlin:20261227T000000'];
    expect(datesOf(lines)).toEqual(['2026-12-25', '2026-12-26']);
  });
});

describe('a calendar that cannot be taken is refused, with the line of', () => {
  const faultsOf = (text: string) => {
    try {
      holidaysFromIcs(text);
    } catch (thrown) {
      if (thrown instanceof PushrodError) return thrown.details.map(({ line, message }) => `${line}: ${message}`);
    }
    return expect.fail('it was taken');
  };

  it.each([
    ['a date that is none', ['UID:1', 'DTSTART;VALUE=DATE:20260431'], '6: "20260431" is no date'],
    ['a rule that is none', ['DTSTART;VALUE=DATE:20260401', 'RRULE:FREQ=OFTEN'], '6: invalid frequency "OFTEN"'],
    ['a meeting', ['UID:1', 'SUMMARY:Talk', 'DTSTART:20260401T090000Z', 'DURATION:PT1H'], '7: only all-day events'],
    ['midnight somewhere else', ['DTSTART:20260401T000000Z', 'DTEND:20260402T000000Z'], '5: only all-day events'],
    ['an event without a day', ['SUMMARY:Some day'], '4: the event has no DTSTART'],
    ['a line that says nothing', ['DTSTART;VALUE=DATE:20260401', 'what is this'], '6: invalid line'],
    ['an event of centuries', ['DTSTART;VALUE=DATE:20260401', 'DTEND;VALUE=DATE:99990101'], '4: it makes more'],
    [
      'a rule without an end to its days',
      ['DTSTART;VALUE=DATE:20260401', 'RRULE:FREQ=DAILY'],
      '4: it makes more than 20000 days',
    ],
  ])('%s', (_, lines, expected) => {
    expect(faultsOf(calendar(lines))).toEqual([expect.stringContaining(expected)]);
  });

  it('all that is wrong, in order', () => {
    const text = calendar(['DTSTART;VALUE=DATE:20260431'], ['DTSTART:20260401T090000Z']);
    expect(faultsOf(text).map((fault) => fault.split(':')[0])).toEqual(['5', '8']);
  });

  it('an event that never ends, and of a file that is something else', () => {
    const text = 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260401\n';
    expect(faultsOf(text)).toEqual([expect.stringContaining('2: this event never ends')]);
    expect(faultsOf('date,name\n2026-12-25,Christmas\n')).toEqual([expect.stringContaining('1: this is no iCalendar')]);
    expect(faultsOf('')).toHaveLength(1);
  });
});
