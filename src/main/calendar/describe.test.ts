import { describe, expect, it } from 'vitest';
import { describeCron, describeMoment, describeWindow, parseCron, parseZone } from './index.ts';

const berlin = parseZone('Europe/Berlin');
const newYork = parseZone('America/New_York');
const hourMs = 3_600_000;

describe('in plain language', () => {
  it.each([
    ['0 2 * * SUN', 'Sundays at 02:00'],
    ['0 2 * * *', 'Every day at 02:00'],
    ['@weekly', 'Sundays at 00:00'],
    ['@hourly', 'Every hour'],
    ['* * * * *', 'Every minute'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['5 * * * *', 'Every day at minute 5 of every hour'],
    ['0 22 * * FRI-SUN', 'Fridays to Sundays at 22:00'],
    ['0 9,17 * * 1-5', 'Mondays to Fridays at 09:00 and 17:00'],
    ['0 9 * JAN,JUL MON', 'Mondays in January and July at 09:00'],
    ['*/15 9-11,14 * 7 *', 'Every day in July, every 15 minutes from 09:00 to 11:59 and from 14:00 to 14:59,'],
    ['0 12 31 * *', 'On the 31st of the month at 12:00'],
    ['0 0 1,2,3,15,L * *', 'On the 1st to 3rd, 15th and the last day of the month at 00:00'],
    ['0 0 22,23 12 *', 'On the 22nd and 23rd of December at 00:00'],
    ['45 23 L * *', 'On the last day of the month at 23:45'],
    ['0 6 * * MON#1', 'On the first Monday of the month at 06:00'],
    ['0 6 * * FRIL,TUE#2', 'On the last Friday and the second Tuesday of the month at 06:00'],
    ['0 0 * 2 MON#5', 'On the fifth Monday of February at 00:00'],
    ['0 6 * 3 SAT,FRIL', 'On Saturdays and the last Friday of the month in March at 06:00'],
    // Days of the month OR of the week; AND where one begins with *.
    ['30 4 1,15 * 5', 'On the 1st and 15th of the month and also on Fridays at 04:30'],
    ['30 4 1 6 5', 'On the 1st of June and also on Fridays in June at 04:30'],
    ['30 4 */15 * 5', 'On the 1st, 16th and 31st of the month where that is a Friday at 04:30'],
    ['0 0 1-31 * MON', 'Every day at 00:00'],
    // It begins anew each hour, so it is not "every 7 minutes".
    ['*/25 * * * *', 'Every day at minutes 0, 25 and 50 of every hour'],
    ['7-9 1-20 * * *', 'Every day at minutes 7 to 9 of hours 1 to 20'],
    [
      '0 */2 * * *',
      'Every day at 00:00, 02:00, 04:00, 06:00, 08:00, 10:00, 12:00, 14:00, 16:00, 18:00, 20:00 and 22:00',
    ],
    ['15 30 2 * * *', 'Every day at 02:30:15'],
    ['*/10 30 2 * * *', 'Every day at 02:30, every 10 seconds'],
    ['1,2 * * * * *', 'Every day at seconds 1 and 2 of every minute'],
    ['5 1-50 1-12 * * *', 'Every day at minutes 1 to 50 of hours 1 to 12, at second 5 of the minute'],
  ])('"%s" is "%s"', (cron, sentence) => {
    expect(describeCron(parseCron(cron), berlin)).toBe(`${sentence} in Berlin`);
  });

  it('a place is named after its city, and what is no place by its name', () => {
    const placeOf = (zone: string) => describeCron(parseCron('@daily'), parseZone(zone)).split(' in ')[1];
    expect(['America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+3'].map(placeOf)).toEqual([
      ...['Buenos Aires', 'UTC', 'Etc/GMT+3'],
    ]);
  });

  it('the next run is told in the time of the site and of the reader, and why it is not as written', () => {
    const cron = parseCron('30 2 * * *');
    const next = (from: string, localZone?: typeof newYork) =>
      describeCron(cron, berlin, { from: new Date(from), localZone }).split('; next: ')[1];
    expect(next('2026-03-28T12:00:00Z')).toBe('Sun 29 Mar 2026 03:00, as clocks skip 02:30');
    expect(next('2026-06-01T12:00:00Z', newYork)).toBe('Tue 2 Jun 2026 02:30 (Mon 1 Jun 2026 20:30 here)');
    expect(describeCron(cron, berlin, { from: new Date('3000-01-01T00:00:00Z') })).toContain('never again');
  });

  it('a moment is told once where both clocks agree', () => {
    const at = new Date('2026-06-01T12:00:05Z');
    expect(describeMoment(at, berlin, parseZone('Europe/Paris'))).toBe('Mon 1 Jun 2026 14:00:05');
    expect(describeMoment(at, berlin, parseZone('UTC'))).toBe('Mon 1 Jun 2026 14:00:05 (Mon 1 Jun 2026 12:00:05 here)');
  });

  const sundays = { start: '0 2 * * SUN', end: '04:00', tz: berlin };
  const late = { start: '0 22 * * *', end: '02:30', tz: berlin };
  it.each([
    [
      sundays,
      '2026-03-28T12:00Z',
      'Sundays at 02:00 in Berlin, until 04:00; next: Sun 29 Mar 2026 03:00 to 04:00, which lasts one hour as clocks go forward',
    ],
    [
      sundays,
      '2026-10-24T12:00Z',
      'Sundays at 02:00 in Berlin, until 04:00; next: Sun 25 Oct 2026 02:00 to 04:00, which lasts three hours as clocks go back',
    ],
    [sundays, '2026-06-01T12:00Z', 'Sundays at 02:00 in Berlin, until 04:00; next: Sun 7 Jun 2026 02:00 to 04:00'],
    [
      late,
      '2026-03-28T23:00Z',
      'Every day at 22:00 in Berlin, until 02:30 the next day; open now: Sat 28 Mar 2026 22:00 to Sun 29 Mar 2026 03:00, which lasts four hours as clocks go forward',
    ],
    [
      { ...late, start: '0 1,22 * * *' },
      '2026-06-01T12:00Z',
      'Every day at 01:00 and 22:00 in Berlin, until the next 02:30; next: Mon 1 Jun 2026 22:00 to Tue 2 Jun 2026 02:30',
    ],
    [
      { ...late, cutoffMs: 1.5 * hourMs },
      '2026-06-01T12:00Z',
      'Every day at 22:00 in Berlin, until 02:30 the next day; no device is started in the last 90 minutes; next: Mon 1 Jun 2026 22:00 to Tue 2 Jun 2026 02:30',
    ],
    [
      { start: '30 2 * * *', durationMs: 0.75 * hourMs, tz: berlin },
      '2026-10-24T12:00Z',
      'Every day at 02:30 in Berlin, for 45 minutes; next: Sun 25 Oct 2026 02:30 to 02:15, which lasts 45 minutes as clocks go back',
    ],
    [
      { start: '0 2 * * *', durationMs: 24 * hourMs, tz: newYork },
      '2026-06-01T00:00Z',
      'Every day at 02:00 in New York, for one day; open now: Sun 31 May 2026 02:00 to Mon 1 Jun 2026 02:00 (Sun 31 May 2026 08:00 to Mon 1 Jun 2026 08:00 here)',
    ],
    [
      { start: '*/30 9-17 * * *', durationMs: 60_000, tz: berlin },
      '2026-06-01T00:00Z',
      'Every 30 minutes from 09:00 to 17:59 in Berlin, for one minute; next: Mon 1 Jun 2026 09:00 to 09:01',
    ],
    [sundays, '2999-12-31T12:00Z', 'Sundays at 02:00 in Berlin, until 04:00; never again'],
  ])('the window %o at %s', (window, from, sentence) => {
    expect(describeWindow(window, { from: new Date(from), localZone: berlin })).toBe(sentence);
  });

  it('a window that a blackout date cuts short says so', () => {
    const options = { from: new Date('2026-12-24T12:00:00Z'), blackouts: [{ date: '2026-12-25' }] };
    expect(describeWindow(late, options)).toContain(
      'Thu 24 Dec 2026 22:00 to Fri 25 Dec 2026 00:00, cut short by a day',
    );
  });
});
