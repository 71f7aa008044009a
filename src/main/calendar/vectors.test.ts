import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type UpdateWindow, updateWindow } from '../../shared/model/index.ts';
import { parseCron, parseZone, runsAfter, windowAt } from './index.ts';

interface RunVector {
  id: string;
  cron: string;
  tz: string;
  from: string;
  n: number;
  expected: string[];
}

interface WindowVector {
  id: string;
  window: { start: string; tz: string; end?: string; durationMinutes?: number; cutoffMinutes?: number };
  at: string;
  expected: { open: boolean; accepting: boolean; opensAt: string; closesAt: string; cutoffAt: string };
}

const vectorsOf = <T>(name: string): T[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/vectors/schedules', name), 'utf8'));

it.each(vectorsOf<RunVector>('runs.json'))('run vector $id: $cron in $tz', ({ cron, tz, from, n, expected }) => {
  const runs = runsAfter(parseCron(cron), parseZone(tz), new Date(from), n);
  expect(runs.map((run) => run.toISOString())).toEqual(expected);
});

it.each(vectorsOf<WindowVector>('windows.json'))('window vector $id at $at', ({ window, at, expected }) => {
  const found = windowAt(windowOf(window), new Date(at));
  expect(JSON.parse(JSON.stringify(found))).toEqual(expected);
});

function windowOf({ durationMinutes, cutoffMinutes, ...rest }: WindowVector['window']): UpdateWindow {
  return updateWindow.parse({
    ...rest,
    ...(durationMinutes !== undefined && { durationMs: durationMinutes * 60_000 }),
    ...(cutoffMinutes !== undefined && { cutoffMs: cutoffMinutes * 60_000 }),
  });
}
