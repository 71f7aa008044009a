import { describe, expect, it } from 'vitest';
import {
  type NamedSchedule,
  namedSchedule,
  type Sha256,
  schedule as scheduleSchema,
} from '../../shared/model/index.ts';
import { draftOf, type ScheduleDraft, scheduleOf, selectionOf, type TimesInput, timesOf } from './schedule-draft.ts';

const berlin = 'Europe/Berlin';
const sha256 = 'a'.repeat(64) as Sha256;

function named(given: object, push: object = {}): NamedSchedule {
  const schedule = scheduleSchema.parse({ push: { firmware: 'latest', selection: { all: true }, ...push }, ...given });
  return namedSchedule.parse({
    ...schedule,
    ...{ name: 'nightly', isEnabled: true, nextRunAt: null, lastRun: null, runs: 0, description: '' },
    createdAt: '2026-11-25T12:00:00Z',
  });
}

/** What a schedule becomes that is opened in the form, changed there, and kept. */
function keptAs(former: NamedSchedule, changes: Partial<ScheduleDraft> = {}) {
  const draft = { ...draftOf(former, berlin), ...changes };
  const selection = selectionOf(draft, former, undefined);
  if (!selection) throw new Error('no selection');
  return scheduleSchema.parse(scheduleOf(draft, former, timesOf(draft, former, berlin) as TimesInput, selection));
}

const window = { start: '0 2 * * SUN', end: '04:00', tz: berlin };
const inWindows = (...windows: object[]) => ({ starts: { kind: 'windows' }, windows });

const cases: { what: string; given: object; push?: object; draft: Partial<ScheduleDraft> }[] = [
  {
    what: 'a window every Sunday here',
    given: inWindows({ ...window, cutoffMs: 1_800_000 }),
    draft: { when: 'sundays', time: '02:00', clock: 'here', ends: 'at', endAt: '04:00', cutoffMinutes: 30 },
  },
  {
    what: 'a window of some hours, by the clock of each site',
    given: inWindows({ start: '30 1 * * MON-FRI', durationMs: 7_200_000, tz: 'site' }),
    draft: { when: 'weekdays', days: [1, 2, 3, 4, 5], clock: 'site', ends: 'after', endAfterMinutes: 120 },
  },
  {
    what: 'runs without a window elsewhere',
    given: { starts: { kind: 'cron', cron: '0 2 * * *', tz: 'Asia/Tokyo' } },
    draft: { when: 'nightly', clock: 'zone', zone: 'Asia/Tokyo', ends: 'never' },
  },
  { what: 'a time', given: { starts: { kind: 'once', at: '2026-12-01T02:00:00Z' } }, draft: { when: 'once' } },
  {
    what: 'an expression',
    given: { starts: { kind: 'cron', cron: '0 2 L * *', tz: berlin } },
    draft: { when: 'cron', cron: '0 2 L * *' },
  },
  {
    what: 'an end, the most runs and how late they may begin',
    given: {
      ...{ starts: { kind: 'cron', cron: '0 2 * * *', tz: berlin }, maxRuns: 5, graceMs: 90_000 },
      endsAt: '2026-12-31T23:00:30Z',
    },
    draft: { maxRuns: 5, graceMinutes: 1.5 },
  },
  { what: 'several windows', given: inWindows(window, { ...window, tz: 'site' }), draft: { when: 'kept' } },
  {
    what: 'a time within windows',
    given: { starts: { kind: 'once', at: '2026-12-01T02:00:00Z' }, windows: [window] },
    draft: { when: 'kept' },
  },
  {
    what: 'a window of seconds',
    given: inWindows({ start: '0 2 * * *', tz: berlin, durationMs: 90_500 }),
    draft: { when: 'kept' },
  },
  {
    what: 'what the form does not show',
    given: {
      ...inWindows(window),
      ...{ graceMs: 60_000, maxRuns: 3, endsAt: '2027-01-01T00:00:00Z', blackouts: [{ date: '2026-12-24' }] },
    },
    push: {
      firmware: [sha256, 'b'.repeat(64)],
      profile: 'bench',
      rollout: { phases: [{ upTo: { percent: 100 } }] },
      retries: 3,
    },
    draft: { firmware: 'kept', retries: 3, blackouts: [{ date: '2026-12-24' }] },
  },
  ...[
    { selection: { filter: { location: ['Hall 1'] } }, draft: { target: 'location' as const, location: 'Hall 1' } },
    { selection: { filter: { model: ['GW-1'] } }, draft: { target: 'model' as const, model: 'GW-1' } },
    { selection: { filter: { location: ['Hall 1', 'Roof'] } }, draft: { target: 'kept' as const } },
    { selection: { filter: { location: ['Hall 1'], tags: { rack: '4' } } }, draft: { target: 'kept' as const } },
    { selection: { ids: ['d0', 'd1'] }, draft: { target: 'kept' as const } },
  ].map(({ selection, draft }) => ({
    what: JSON.stringify(selection),
    ...{ given: inWindows(window), push: { selection }, draft },
  })),
];

describe('the form of a schedule', () => {
  it.each(cases)('shows $what, and keeps it as it was', ({ given, push, draft }) => {
    const former = named(given, push);
    expect(draftOf(former, berlin)).toMatchObject(draft);
    const { name, isEnabled, nextRunAt, lastRun, runs, description, createdAt, ...schedule } = former;
    expect(keptAs(former)).toEqual(schedule);
  });

  it('changes what was chosen, and nothing else', () => {
    const former = named(inWindows({ ...window, start: '00 02 * * sun' }), { profile: 'bench' });
    expect(keptAs(former, { firmware: sha256, endAt: '05:00' })).toMatchObject({
      windows: [{ start: '00 02 * * sun', end: '05:00', tz: berlin }],
      push: { firmware: sha256, profile: 'bench' },
    });
    expect(keptAs(former, { when: 'weekdays', days: [6, 0], clock: 'site' }).windows).toEqual([
      { start: '0 2 * * SAT,SUN', end: '04:00', tz: 'site' },
    ]);
    expect(keptAs(former, { ends: 'never', clock: 'zone', zone: ' UTC ' })).toMatchObject({
      starts: { kind: 'cron', cron: '00 02 * * sun', tz: 'UTC' },
      windows: [],
    });
  });

  it.each<{ changes: Partial<ScheduleDraft>; part: string }>([
    { changes: { when: 'once', onceAt: '' }, part: 'when' },
    { changes: { when: 'cron', cron: ' ' }, part: 'when' },
    { changes: { when: 'weekdays', days: [] }, part: 'when' },
    { changes: { time: '' }, part: 'when' },
    { changes: { clock: 'zone', zone: '' }, part: 'zone' },
    { changes: { clock: 'site', ends: 'never' }, part: 'end' },
    { changes: { endAt: '' }, part: 'end' },
    { changes: { ends: 'after', endAfterMinutes: null }, part: 'end' },
  ])('says at its part $part what it still needs with $changes', ({ changes, part }) => {
    expect(timesOf({ ...draftOf(undefined, berlin), ...changes }, undefined, berlin)).toMatchObject({ part });
  });

  it('chooses no devices where nothing was chosen', () => {
    const draft = draftOf(undefined, berlin);
    expect(selectionOf({ ...draft, target: 'location' }, undefined, undefined)).toBeUndefined();
    expect(selectionOf({ ...draft, target: 'selected' }, undefined, undefined)).toBeUndefined();
    expect(selectionOf({ ...draft, target: 'selected' }, undefined, { all: true })).toEqual({ all: true });
  });
});
