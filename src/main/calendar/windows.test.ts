import { describe, expect, it } from 'vitest';
import { type UpdateWindow, updateWindow } from '../../shared/model/index.ts';
import { isBlackedOut, parseZone, windowAt, windowsBetween } from './index.ts';

const hourMs = 3_600_000;
const minutes = (date: Date) => date.toISOString().slice(0, 16);

/** `open 01:00–02:00`, or `next`, in UTC. */
function answer(window: object, at: string, blackouts: string[] = []): string {
  const read: UpdateWindow = updateWindow.parse(window);
  const found = windowAt(read, new Date(`${at}Z`), { blackouts: blackouts.map((date) => ({ date })) });
  return found ? `${found.open ? 'open' : 'next'} ${minutes(found.opensAt)} ${minutes(found.closesAt)}` : 'never';
}

describe('a window', () => {
  const night = { start: '0 2 * * *', end: '04:00', tz: 'Europe/Berlin' };
  const late = { start: '0 22 * * *', end: '02:30', tz: 'Europe/Berlin' };
  const short = { start: '15 2 * * *', end: '02:45', tz: 'Europe/Berlin' };

  it.each([
    ['lasts an hour when the clock jumps', night, '2026-03-29T00:00', 'next 2026-03-29T01:00 2026-03-29T02:00'],
    ['lasts three when it goes back', night, '2026-10-25T00:00', 'open 2026-10-25T00:00 2026-10-25T03:00'],
    ['is closed at its end', night, '2026-10-25T03:00', 'next 2026-10-26T01:00 2026-10-26T03:00'],
    ['ends at the jump', late, '2026-03-28T23:00', 'open 2026-03-28T21:00 2026-03-29T01:00'],
    ['ends at the first passing', late, '2026-10-24T23:00', 'open 2026-10-24T20:00 2026-10-25T00:30'],
    ['does not occur from jump to jump', short, '2026-03-29T00:00', 'next 2026-03-30T00:15 2026-03-30T00:45'],
    [
      'has a start in the jump that is later than its end, and lasts a day',
      { ...short, start: '0,30 2 * * *', end: '02:15' },
      '2026-03-29T01:10',
      'open 2026-03-29T01:00 2026-03-30T00:15',
    ],
    [
      'is not opened again by a start that comes after the first passing of its end',
      { ...short, start: '*/30 2 * * *' },
      '2026-10-25T00:50',
      'next 2026-10-26T01:00 2026-10-26T01:45',
    ],
    [
      'from a time to the same is a civil day, 23 hours in spring',
      { start: '0 0 * * *', end: '00:00', tz: 'Europe/Berlin' },
      '2026-03-29T12:00',
      'open 2026-03-28T23:00 2026-03-29T22:00',
    ],
    [
      'ends on the next day that a place has',
      { start: '0 22 * * *', end: '04:00', tz: 'Pacific/Apia' },
      '2011-12-30T12:00',
      'open 2011-12-30T08:00 2011-12-30T14:00',
    ],
    [
      'does not open on a day that a place has not',
      { start: '0 2 30 12 *', end: '04:00', tz: 'Pacific/Apia' },
      '2011-12-29T00:00',
      'next 2012-12-29T12:00 2012-12-29T14:00',
    ],
    [
      'opens at the jump where midnight is skipped',
      { start: '0 0 * * SUN', end: '02:00', tz: 'America/Sao_Paulo' },
      '2018-11-03T12:00',
      'next 2018-11-04T03:00 2018-11-04T04:00',
    ],
    [
      'with a duration lasts it in elapsed time',
      { start: '0 2 * * *', durationMs: 2 * hourMs, tz: 'Europe/Berlin' },
      '2026-03-29T01:00',
      'open 2026-03-29T01:00 2026-03-29T03:00',
    ],
    ['never opens after the year 2999', night, '2999-12-31T12:00', 'never'],
  ])('%s', (_, window, at, expected) => {
    expect(answer(window, at)).toBe(expected);
  });

  it.each([
    [
      'a duration longer than the period',
      '0 2 * * *',
      36,
      '2026-06-02T12:00',
      'open 2026-06-02T02:00 2026-06-03T14:00',
    ],
    ['the same, before it opens again', '0 2 * * *', 36, '2026-06-02T01:00', 'open 2026-06-01T02:00 2026-06-02T14:00'],
    ['openings every minute', '* * * * *', 1, '2026-06-02T12:00', 'open 2026-06-02T12:00 2026-06-02T13:00'],
    ['openings every second', '* * * * * *', 700, '2026-06-02T12:00', 'open 2026-06-02T12:00 2026-07-01T16:00'],
  ])('that overlaps itself is the one that opened last: %s', (_, start, hours, at, expected) => {
    expect(answer({ start, durationMs: hours * hourMs, tz: 'UTC' }, at)).toBe(expected);
  });

  it('that overlaps itself towards one end is the one that opened last, too', () => {
    const window = { start: '0 1,2 * * *', end: '04:00', tz: 'UTC' };
    expect(answer(window, '2026-06-02T01:59')).toBe('open 2026-06-02T01:00 2026-06-02T04:00');
    expect(answer(window, '2026-06-02T02:00')).toBe('open 2026-06-02T02:00 2026-06-02T04:00');
  });

  it('accepts devices up to its cutoff, which may come before it opens on a short night', () => {
    const at = (cutoffMs: number, time: string) => windowAt(updateWindow.parse({ ...night, cutoffMs }), new Date(time));
    expect(at(hourMs / 2, '2026-03-29T01:29:59.999Z')).toMatchObject({ open: true, accepting: true });
    expect(at(hourMs / 2, '2026-03-29T01:30:00.000Z')).toMatchObject({ open: true, accepting: false });
    const short = at(1.5 * hourMs, '2026-03-29T01:00:00.000Z');
    expect(short).toMatchObject({ open: true, accepting: false, cutoffAt: new Date('2026-03-29T00:30:00.000Z') });
  });
});

describe('a blackout date', () => {
  const late = { start: '0 22 * * *', end: '04:00', tz: 'Europe/Berlin' };

  it('closes a window that reaches into it when the day begins, and lets none open', () => {
    const cut = 'open 2026-12-24T21:00 2026-12-24T23:00';
    expect(answer(late, '2026-12-24T22:59', ['2026-12-25'])).toBe(cut);
    expect(answer(late, '2026-12-24T23:00', ['2026-12-25'])).toBe('next 2026-12-26T21:00 2026-12-27T03:00');
    expect(answer(late, '2026-12-25T22:00', ['2026-12-25'])).toBe('next 2026-12-26T21:00 2026-12-27T03:00');
  });

  it('moves the cutoff along', () => {
    const window = updateWindow.parse({ ...late, cutoffMs: hourMs });
    const found = windowAt(window, new Date('2026-12-24T22:00:00Z'), { blackouts: [{ date: '2026-12-25' }] });
    expect(found).toMatchObject({ open: true, accepting: false, cutoffAt: new Date('2026-12-24T22:00:00Z') });
  });

  it('begins at the jump where midnight is skipped', () => {
    const window = { ...late, tz: 'America/Sao_Paulo' };
    expect(answer(window, '2018-11-03T12:00', ['2018-11-04'])).toBe('next 2018-11-04T01:00 2018-11-04T03:00');
  });

  it('on every date that would fit leaves no window', () => {
    const dates = Array.from({ length: 20 }, (_, index) => `${2985 + index}-12-24`);
    expect(answer({ start: '0 2 24 12 *', end: '04:00', tz: 'UTC' }, '2985-01-01T00:00', dates)).toBe('never');
  });

  it('is a day of the zone', () => {
    const isOut = (tz: string, at: string) => isBlackedOut([{ date: '2026-12-25' }], parseZone(tz), new Date(at));
    expect(isOut('Europe/Berlin', '2026-12-24T23:00:00Z')).toBe(true);
    expect(isOut('America/New_York', '2026-12-24T23:00:00Z')).toBe(false);
    expect(isOut('America/New_York', '2026-12-26T04:59:59.999Z')).toBe(true);
    expect(isOut('America/New_York', '2026-12-26T05:00:00Z')).toBe(false);
  });
});

it.each([
  [{}, 'say when the window ends'],
  [{ end: '04:00', durationMs: hourMs }, 'say when the window ends'],
  [{ end: '24:00' }, 'write the end as HH:MM'],
  [{ durationMs: 10 }, 'is under a second'],
  [{ durationMs: hourMs, cutoffMs: hourMs }, 'leaves no time to start a device in'],
  [{ end: '04:00', tz: 'Mars/Phobos' }, '"Mars/Phobos" is no time zone'],
  [{ end: '04:00', start: ' ' }, 'say when it opens'],
])('a window with %o is refused', (fields, message) => {
  const read = updateWindow.safeParse({ start: '0 2 * * *', tz: 'UTC', ...fields });
  expect(read.error?.issues.map((issue) => issue.message)).toEqual([expect.stringContaining(message)]);
});

describe('the windows of some days', () => {
  const between = (window: object, from: string, until: string, blackouts: string[] = [], most = 100) =>
    windowsBetween(
      updateWindow.parse(window),
      { fromMs: Date.parse(`${from}Z`), untilMs: Date.parse(`${until}Z`), most },
      { blackouts: blackouts.map((date) => ({ date })) },
    ).map(({ opensAtMs, closesAtMs }) => `${minutes(new Date(opensAtMs))} ${minutes(new Date(closesAtMs)).slice(11)}`);
  const night = { start: '0 2 * * *', end: '04:00', tz: 'Europe/Berlin' };

  it('begin with the one that is open, and follow the clock of their zone', () => {
    expect(between(night, '2026-10-24T00:30', '2026-10-27T00:00')).toEqual([
      '2026-10-24T00:00 02:00',
      '2026-10-25T00:00 03:00',
      '2026-10-26T01:00 03:00',
    ]);
  });

  it('leave out days that are blacked out, and cut what reaches into one', () => {
    const late = { start: '0 22 * * *', end: '02:00', tz: 'UTC' };
    expect(between(late, '2026-12-23T12:00', '2026-12-27T00:00', ['2026-12-25'])).toEqual([
      '2026-12-23T22:00 02:00',
      '2026-12-24T22:00 00:00',
      '2026-12-26T22:00 02:00',
    ]);
  });

  it('are no more than were asked for', () => {
    const often = { start: '* * * * *', durationMs: 30_000, tz: 'UTC' };
    expect(between(often, '2026-12-23T12:00', '2026-12-27T00:00', [], 3)).toHaveLength(3);
  });
});
