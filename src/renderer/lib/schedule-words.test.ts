import { describe, expect, it } from 'vitest';
import type { ScheduleRun, UpdateId } from '../../shared/model/index.ts';
import { isSaidAtParts, problemsOf } from './schedule-problems.ts';
import { firmwareText, outcomeOf, selectionText, zoneOf } from './schedule-words.ts';

type Updates = ScheduleRun['updates'];
const run = (given: Partial<ScheduleRun>): ScheduleRun => {
  const at = '2026-11-25T12:00:00.000Z';
  return { dueAt: at, state: 'started', reason: null, count: 1, updates: [], at, ...given };
};
const update = (state: Updates[number]['state'], counts: Updates[number]['counts'] = {}) => {
  return { id: 'u' as UpdateId, name: 'u', state, counts, total: 1 };
};

describe('a run of a schedule', () => {
  it.each<[Partial<ScheduleRun>, string]>([
    [{ state: 'missed' }, 'missed'],
    [{ state: 'missed', count: 12 }, '12 missed'],
    [{ state: 'elsewhere' }, 'on another bench'],
    [{ updates: [update('completed', { succeeded: 1 })] }, 'completed'],
    [{ updates: [update('completed', { failed: 1, rolledBack: 1 })] }, '2 devices failed'],
    [{ updates: [update('completed'), update('running')] }, 'running'],
    [{ updates: [update('scheduled'), update('completed')] }, 'waits for its window'],
    [{ updates: [update('completed'), update('cancelled')] }, 'cancelled'],
    [{ updates: [] }, 'begun'],
  ])('%j ends in the words %s', (given, word) => {
    expect(outcomeOf(run(given)).word).toBe(word);
  });

  it('names its devices, its firmware and its clock', () => {
    expect(selectionText({ all: true })).toBe('all devices');
    expect(selectionText({ filter: { location: ['Hall 1', null], search: 'gw' } })).toBe(
      'devices at Hall 1 or no location, search gw',
    );
    expect(firmwareText('latest', undefined)).toBe('the newest firmware for each model');
    expect(zoneOf({ starts: { kind: 'once', at: '' }, windows: [] })).toBeUndefined();
  });
});

describe('a refusal of a schedule', () => {
  it('is said at the part of the form that it is about, with the field of the cron expression', () => {
    const failureOf = (...fields: (string | undefined)[]) => {
      const details = fields.map((field) => ({ ...(field !== undefined && { field }), message: `of ${field}` }));
      return { code: 'INVALID_INPUT' as const, message: 'no', hint: 'no', details };
    };
    expect(problemsOf(failureOf('hour', 'day of month', 'schedule.windows.0.end', 'schedule.starts.tz'))).toEqual({
      when: 'hour: of hour; day of month: of day of month',
      end: 'of schedule.windows.0.end',
      zone: 'of schedule.starts.tz',
    });
    expect(problemsOf(failureOf('schedule.push.concurrency', 'name', 'windows'))).toMatchObject({
      concurrency: 'of schedule.push.concurrency',
      name: 'of name',
      zone: 'of windows',
    });
    expect(isSaidAtParts(failureOf('hour', 'name'))).toBe(true);
    expect(isSaidAtParts(failureOf('hour', 'profile'))).toBe(false);
    expect(isSaidAtParts(failureOf())).toBe(false);
  });
});
