import type { ErrorDetail } from '../../shared/errors.ts';
import type { Failure } from './failure.ts';

/** A part of the form of a schedule, at which what is wrong with it is said. */
export type FormPart =
  | 'name'
  | 'when'
  | 'zone'
  | 'end'
  | 'cutoff'
  | 'blackouts'
  | 'endsAt'
  | 'maxRuns'
  | 'grace'
  | 'concurrency'
  | 'retries';

const cronFields = new Set(['second', 'minute', 'hour', 'day of month', 'month', 'day of week']);

const ends: [RegExp, FormPart][] = [
  [/(^|\.)name$/, 'name'],
  [/(^|\.)(cron|start|at)$/, 'when'],
  [/(^|\.)tz$/, 'zone'],
  // The core says so of windows by the clocks of sites that nobody has set.
  [/^windows$/, 'zone'],
  [/(^|\.)(end|durationMs|windows\.\d+)$/, 'end'],
  [/(^|\.)cutoffMs$/, 'cutoff'],
  [/(^|\.)blackouts(\.|$)/, 'blackouts'],
  [/(^|\.)endsAt$/, 'endsAt'],
  [/(^|\.)maxRuns$/, 'maxRuns'],
  [/(^|\.)graceMs$/, 'grace'],
  [/(^|\.)concurrency$/, 'concurrency'],
  [/(^|\.)retries$/, 'retries'],
];

/** Where in the form of a schedule a detail of an error belongs; `undefined` where nowhere. */
export function partOf({ field = '' }: ErrorDetail): FormPart | undefined {
  if (cronFields.has(field)) return 'when';
  return ends.find(([pattern]) => pattern.test(field))?.[1];
}

/** What is wrong, by the parts of the form. An error about a cron expression names the field of it. */
export function problemsOf(failure: Failure | undefined): Partial<Record<FormPart, string>> {
  const problems: Partial<Record<FormPart, string>> = {};
  for (const detail of failure?.details ?? []) {
    const part = partOf(detail);
    if (!part) continue;
    const said = cronFields.has(detail.field ?? '') ? `${detail.field}: ${detail.message}` : detail.message;
    problems[part] = problems[part] === undefined ? said : `${problems[part]}; ${said}`;
  }
  return problems;
}

/** Whether all of a failure is said at parts of the form. */
export function isSaidAtParts({ details }: Failure): boolean {
  return details.length > 0 && details.every((detail) => partOf(detail) !== undefined);
}
