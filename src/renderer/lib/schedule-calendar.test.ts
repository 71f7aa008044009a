import { describe, expect, it } from 'vitest';
import type { CalendarEntry, Zone } from '../../shared/model/index.ts';
import { calendarRows } from './schedule-calendar.ts';

const entry = (zone: string | null, ...times: [opensAt: string, closesAt: string | null][]): CalendarEntry => ({
  ...{ name: 'nightly', zone: zone as Zone | null, location: null },
  times: times.map(([opensAt, closesAt]) => ({ opensAt, closesAt })),
});
const nowMs = Date.parse('2026-10-24T20:00:00Z');
const drawn = (given: CalendarEntry, zoneHere = 'UTC') =>
  calendarRows([given], nowMs, 3, zoneHere).rows[0]?.cells.flatMap(({ day, times }) =>
    times.map(({ startPercent, lengthPercent }) => [day, Math.round(startPercent), Math.round(lengthPercent)]),
  );

describe('the calendar of schedules', () => {
  it('draws each window on its day, by the clock of the site', () => {
    const window = entry('Asia/Tokyo', ['2026-10-24T21:00:00.000Z', '2026-10-25T03:00:00.000Z']);
    expect(drawn(window)).toEqual([['2026-10-25', 25, 25]]);
  });

  it('draws 02:00 to 04:00 as two hours on the night the clock falls back, as the wall shows it', () => {
    const window = entry('Europe/Berlin', ['2026-10-25T00:00:00.000Z', '2026-10-25T03:00:00.000Z']);
    expect(drawn(window)).toEqual([['2026-10-25', 8, 8]]);
  });

  it('draws a window that goes on into the next day from its opening, and a run without an end as a moment', () => {
    const times = entry(
      null,
      ['2026-10-24T21:00:00.000Z', '2026-10-25T03:00:00.000Z'],
      ['2026-10-26T12:00:00.000Z', null],
    );
    expect(drawn(times)).toEqual([
      ['2026-10-24', 88, 25],
      ['2026-10-26', 50, 0],
    ]);
  });

  it('begins with the day it still is where the clock is behind, and shows what opened before as from then on', () => {
    const window = entry('America/New_York', ['2026-10-23T22:00:00.000Z', '2026-10-25T03:00:00.000Z']);
    expect(calendarRows([window], nowMs, 3, 'Asia/Tokyo').days[0]).toBe('2026-10-24');
    expect(drawn(window, 'Asia/Tokyo')).toEqual([['2026-10-24', 0, 96]]);
  });
});
