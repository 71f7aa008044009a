import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron, parseZone, runsAfter } from '../../src/main/calendar/index.ts';
import { toPushrodError } from '../../src/shared/errors.ts';
import { dayExpressions, type Expression, expressions, matcherOf, textOf } from './expression.ts';
import { dayMs, moments, referenceRuns, wallClock } from './reference.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const mostRuns = 60;
/** Half a minute on an idle machine. */
const patienceMs = 600_000;

/** `undefined` for one that is refused since no day fits it. */
function read(expression: Expression) {
  try {
    return parseCron(textOf(expression));
  } catch (thrown) {
    expect(toPushrodError(thrown).message).toContain('never comes');
    return undefined;
  }
}

describe('the runs of any expression', () => {
  it(
    'in any zone from 1970 to 2100 are those of the rules, looked up minute by minute',
    () => {
      fc.assert(
        fc.property(expressions, moments, (expression, { zone, atMs }) => {
          const toMs = atMs + 3 * dayMs;
          // What the clock showed a day before is not for the first time.
          const clock = wallClock(zone, atMs - 1.1 * dayMs, toMs);
          const expected: string[] = [];
          for (const { at } of referenceRuns(expression, clock)) {
            if (at > atMs && expected.at(-1) !== iso(at)) expected.push(iso(at));
            if (expected.length === mostRuns) break;
          }
          const cron = read(expression);
          const runs = cron ? runsAfter(cron, parseZone(zone), new Date(atMs), expected.length + 1) : [];
          expect(runs.slice(0, expected.length).map((run) => run.toISOString())).toEqual(expected);
          const further = runs[expected.length];
          if (further && expected.length < mostRuns) {
            expect(further.getTime()).toBeGreaterThanOrEqual((clock.at.at(-1) ?? 0) + clock.stepMs);
          }
        }),
        { numRuns: 10_000 },
      );
    },
    patienceMs,
  );

  it('is on the days that fit it, looked up day by day over forty years', () => {
    fc.assert(
      fc.property(dayExpressions, fc.integer({ min: 1960, max: 2100 }), (expression, year) => {
        const { fitsDay } = matcherOf(expression);
        const fromMs = Date.UTC(year, 0);
        const expected: string[] = [];
        for (let day = fromMs; day < fromMs + 40 * 365 * dayMs && expected.length < mostRuns; day += dayMs) {
          if (fitsDay(new Date(day))) expected.push(iso(day + dayMs / 2));
        }
        const cron = read(expression);
        const runs = cron ? runsAfter(cron, parseZone('UTC'), new Date(fromMs), expected.length) : [];
        expect(runs.map((run) => run.toISOString())).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });
});
