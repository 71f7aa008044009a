import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronOf, type Preset, presetOf } from './schedule-presets.ts';

describe('what a technician says of when something runs', () => {
  it.each<{ preset: Preset; cron: string }>([
    { preset: { kind: 'nightly', time: '02:00' }, cron: '0 2 * * *' },
    { preset: { kind: 'nightly', time: '23:05' }, cron: '5 23 * * *' },
    { preset: { kind: 'weekdays', time: '02:00', days: [0] }, cron: '0 2 * * SUN' },
    { preset: { kind: 'weekdays', time: '04:30', days: [1, 3, 5, 0] }, cron: '30 4 * * MON,WED,FRI,SUN' },
    { preset: { kind: 'cron', cron: '0 2 L * *' }, cron: '0 2 L * *' },
  ])('is the cron expression $cron, and is read from it', ({ preset, cron }) => {
    expect(cronOf(preset)).toBe(cron);
    expect(presetOf(cron)).toEqual(preset);
  });

  it('is read from other spellings of the same', () => {
    expect(presetOf(' 00  02 * *  7,mon ')).toEqual({ kind: 'weekdays', time: '02:00', days: [1, 0] });
    expect(presetOf('0 2 * * mon-wed,FRI-SUN')).toMatchObject({ kind: 'weekdays', days: [1, 2, 3, 5, 6, 0] });
    expect(presetOf('0 2 * * 0,SUN')).toEqual({ kind: 'weekdays', time: '02:00', days: [0] });
  });

  it.each([
    '@daily',
    '0 2 * *',
    '0 0 2 * * *',
    '0 25 * * *',
    '60 2 * * *',
    '0 2 * * FRI-MON',
    '0 2 * * FRIL',
    '0 2 * * MON-',
    '0 2 * * 1-3-5',
    '*/5 2 * * *',
  ])('is not what %s says, which stays an expression', (cron) => {
    expect(presetOf(cron)).toEqual({ kind: 'cron', cron });
  });

  it('comes back from its cron expression as it was', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
    fc.assert(
      fc.property(time, fc.subarray([1, 2, 3, 4, 5, 6, 0]), (at, days) => {
        const preset: Preset = days.length === 0 ? { kind: 'nightly', time: at } : { kind: 'weekdays', time: at, days };
        expect(presetOf(cronOf(preset))).toEqual(preset);
      }),
    );
  });
});
