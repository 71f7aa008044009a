import { describe, expect, it } from 'vitest';
import { updateWindow, zone } from '../../shared/model/index.ts';
import { cronClockChanges, windowClockChanges } from './clock-changes.ts';
import { parseCron } from './cron.ts';

const berlin = zone.parse('Europe/Berlin');
const options = { from: new Date('2025-11-25T12:00:00Z'), localZone: berlin, blackouts: [] };
const changes = (window: object) => windowClockChanges(updateWindow.parse({ tz: berlin, ...window }), options);

describe('the nights on which the clock changes', () => {
  it.each([
    {
      window: { start: '0 2 * * *', end: '04:00' },
      said: [
        'Sun 29 Mar 2026 03:00 to 04:00, which lasts one hour as clocks go forward',
        'Sun 25 Oct 2026 02:00 to 04:00, which lasts three hours as clocks go back',
      ],
    },
    {
      window: { start: '0 22 * * *', end: '02:30' },
      said: ['Sat 28 Mar 2026 22:00 to Sun 29 Mar 2026 03:00, which lasts four hours as clocks go forward'],
    },
    {
      window: { start: '15 2 * * *', end: '02:45' },
      said: ['Sun 29 Mar 2026: does not open in Berlin, as clocks skip all of it'],
    },
    { window: { start: '0 2 * * MON', end: '04:00' }, said: [] },
    { window: { start: '0 12 * * *', durationMs: 3_600_000 }, said: [] },
  ])('are told of the window $window.start', ({ window, said }) => {
    expect(changes(window)).toEqual(said);
  });

  it('are none of a window on a blacked-out day, nor in a zone without summer time', () => {
    const window = updateWindow.parse({ start: '0 2 * * *', end: '04:00', tz: berlin });
    const blackouts = [{ date: '2026-03-29' }, { date: '2026-10-25' }];
    expect(windowClockChanges(window, { ...options, blackouts })).toEqual([]);
    expect(windowClockChanges({ ...window, tz: zone.parse('Asia/Tokyo') }, options)).toEqual([]);
  });

  it('are told of runs that the clock skips', () => {
    const said = (cron: string) => cronClockChanges(parseCron(cron), berlin, options);
    expect(said('30 2 * * *')).toEqual(['Sun 29 Mar 2026 03:00, as clocks skip 02:30']);
    expect(said('30 3 * * *')).toEqual([]);
    expect(said('*/15 * * * *')).toEqual([]);
  });
});
