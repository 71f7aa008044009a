import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowAt } from '../../src/main/calendar/index.ts';
import { toPushrodError } from '../../src/shared/errors.ts';
import { type UpdateWindow, updateWindow } from '../../src/shared/model/index.ts';
import { expressions, textOf } from './expression.ts';
import { dayMs, moments, type ReferenceRequest, referenceWindow, wallClock } from './reference.ts';

const minuteMs = 60_000;
/** Half a minute on an idle machine. */
const patienceMs = 600_000;
const longestMs = 30 * 60 * minuteMs;

/** At most one opening a minute: the reference looks at each of them. */
const starts = expressions.map((one) => ({ ...one, second: [{ kind: 'value' as const, value: 0 }] }));

const requests: fc.Arbitrary<Omit<ReferenceRequest, 'blackouts'> & { blackoutDays: number[] }> = fc.record({
  start: starts,
  endMinute: fc.oneof(fc.integer({ min: 0, max: 6 * 60 }), fc.integer({ min: 0, max: 24 * 60 - 1 })),
  durationMs: fc.option(
    fc.integer({ min: 1, max: longestMs / minuteMs }).map((minutes) => minutes * minuteMs),
    { nil: undefined },
  ),
  cutoffMs: fc.constantFrom(0, 0, minuteMs, 30 * minuteMs, 2 * 60 * minuteMs),
  /** As days from the moment that is asked about. */
  blackoutDays: fc.oneof(
    { weight: 2, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 2 }) },
  ),
});

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** `undefined` for one that no day or no device would ever fit. */
function windowOf({ start, endMinute, durationMs, cutoffMs }: Omit<ReferenceRequest, 'blackouts'>, tz: string) {
  const end = { end: `${twoDigits(Math.floor(endMinute / 60))}:${twoDigits(endMinute % 60)}` };
  const ends = durationMs === undefined ? end : { durationMs };
  const read = updateWindow.safeParse({ start: textOf(start), tz, cutoffMs, ...ends });
  return read.success ? read.data : undefined;
}

function found(window: UpdateWindow, atMs: number, blackouts: string[]) {
  try {
    return windowAt(window, new Date(atMs), { blackouts: blackouts.map((date) => ({ date })) });
  } catch (thrown) {
    expect(toPushrodError(thrown).message).toContain('never comes');
    return undefined;
  }
}

it(
  'the window of any start, end and zone from 1970 to 2100 is that of the rules, looked up minute by minute',
  () => {
    fc.assert(
      fc.property(requests, moments, ({ blackoutDays, ...request }, { zone, atMs }) => {
        const window = windowOf(request, zone);
        fc.pre(window !== undefined);
        const clock = wallClock(zone, atMs - 2.3 * dayMs, atMs + 2.8 * dayMs);
        const blackouts = blackoutDays.map((days) => new Date(atMs + days * dayMs).toISOString().slice(0, 10));
        const expected = referenceWindow({ ...request, blackouts }, clock, atMs);
        const answer = found(window, atMs, blackouts);
        const isWithinReach = answer && (answer.open || answer.opensAt.getTime() <= atMs + 1.5 * dayMs);
        expect(isWithinReach ? JSON.parse(JSON.stringify(answer)) : undefined).toEqual(expected);
      }),
      { numRuns: 10_000 },
    );
  },
  patienceMs,
);
