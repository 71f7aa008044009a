import type { ErrorDetail } from '../../shared/errors.ts';
import type { Failure } from './failure.ts';
import { type FormPart, partOf as partOfTimes } from './schedule-problems.ts';

/** A part of the sheet of a push, at which what is wrong with it is said. */
export type PushPart =
  | FormPart
  | ('startAt' | 'patience' | 'phases' | 'success' | 'wait')
  | ('rate' | 'maxFailures' | 'timeout');

const fields: [RegExp, PushPart][] = [
  [/(^|\.)startAt$/, 'startAt'],
  [/(^|\.)patienceMs$/, 'patience'],
  [/(^|\.)rollout\.successPercent$/, 'success'],
  [/(^|\.)rollout\.waitMs$/, 'wait'],
  [/(^|\.)rollout(\.|$)/, 'phases'],
  [/(^|\.)rateLimitBytesPerSecond$/, 'rate'],
  [/(^|\.)maxFailures(\.|$)/, 'maxFailures'],
  [/(^|\.)deviceTimeoutMs$/, 'timeout'],
];

/** Where in the sheet of a push a detail of an error belongs; `undefined` where nowhere. */
export function pushPartOf(detail: ErrorDetail): PushPart | undefined {
  const own = fields.find(([pattern]) => pattern.test(detail.field ?? ''))?.[1];
  if (own) return own;
  // What the core calls "push.windows" is "windows" of a schedule.
  return partOfTimes({ ...detail, field: (detail.field ?? '').replace(/^push\./, '') });
}

/** What is wrong, by the parts of the sheet. */
export function pushProblemsOf(failure: Failure | undefined): Partial<Record<PushPart, string>> {
  const problems: Partial<Record<PushPart, string>> = {};
  for (const detail of failure?.details ?? []) {
    const part = pushPartOf(detail);
    if (part) problems[part] = problems[part] === undefined ? detail.message : `${problems[part]}; ${detail.message}`;
  }
  return problems;
}

/** Whether all of a failure is said at parts of the sheet. */
export function isSaidInSheet({ details }: Failure): boolean {
  return details.length > 0 && details.every((detail) => pushPartOf(detail) !== undefined);
}
