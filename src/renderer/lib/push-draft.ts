import type { z } from 'zod';
import type { pushRequest } from '../../shared/model/index.ts';
import { t } from '../messages/index.ts';
import { draftOf, type Missing, type ScheduleDraft, timesOf } from './schedule-draft.ts';
import { shareOf, sharesOf } from './shares.ts';

export type PushInput = z.input<typeof pushRequest>;

/** How and when a push goes, as a form has it: choices, and text as it was typed; `null` where a number is empty. */
export interface PushDraft {
  when: 'now' | 'later' | 'window' | 'seen';
  /** By the clock here: `YYYY-MM-DDTHH:MM`. */
  startAt: string;
  /** What opens the window, and when it ends; its other parts are of no use here. */
  window: ScheduleDraft;
  patienceHours: number | null;
  inPhases: boolean;
  /** `1, 10 %, 100 %` */
  phases: string;
  successPercent: number | null;
  waitMinutes: number | null;
  needsApproval: boolean;
  order: 'name' | 'random';
  stageOnly: boolean;
  concurrency: number | null;
  rateMib: number | null;
  retries: number | null;
  /** `3`, `10 %`, or empty. */
  maxFailures: string;
  timeoutMinutes: number | null;
  allowDowngrade: boolean;
  force: boolean;
}

/** Something the form still needs, and where. */
export interface PushMissing {
  part: Missing['part'] | 'startAt' | 'phases' | 'maxFailures';
  message: string;
}

const minuteMs = 60_000;
const mib = 1024 * 1024;

/** What a form begins with: all devices at once, now. @param zoneHere of whoever fills it in */
export function newPushDraft(zoneHere: string): PushDraft {
  return {
    ...{ when: 'now', startAt: '', window: draftOf(undefined, zoneHere), patienceHours: null },
    ...{ inPhases: false, phases: '10 %, 50 %, 100 %', successPercent: 100, waitMinutes: null },
    ...{ needsApproval: false, order: 'name', stageOnly: false },
    ...{ concurrency: 32, rateMib: null, retries: 0, maxFailures: '', timeoutMinutes: null },
    ...{ allowDowngrade: false, force: false },
  };
}

type Strategy = Omit<PushInput, 'firmware' | 'selection'>;

/** How and when the push of a form goes, or what that still needs. */
export function strategyOf(draft: PushDraft, zoneHere: string): Strategy | PushMissing {
  const time = timeOf(draft, zoneHere);
  if ('part' in time) return time;
  const rollout = draft.inPhases ? rolloutOf(draft) : {};
  if ('part' in rollout) return rollout;
  const maxFailures = draft.maxFailures.trim() === '' ? undefined : shareOf(draft.maxFailures);
  if (draft.maxFailures.trim() !== '' && !maxFailures) {
    return { part: 'maxFailures', message: t().push.limits.maxFailuresUnread };
  }
  const { concurrency, rateMib, retries, timeoutMinutes, stageOnly, allowDowngrade, force } = draft;
  return {
    ...time,
    ...rollout,
    ...(maxFailures && { maxFailures }),
    ...(rateMib !== null && { rateLimitBytesPerSecond: Math.round(rateMib * mib) }),
    ...(timeoutMinutes !== null && { deviceTimeoutMs: Math.round(timeoutMinutes * minuteMs) }),
    ...{ concurrency: concurrency ?? 32, retries: retries ?? 0, stageOnly, allowDowngrade, force },
  };
}

function timeOf(draft: PushDraft, zoneHere: string): Strategy | PushMissing {
  switch (draft.when) {
    case 'now':
      return {};
    case 'later': {
      const at = new Date(draft.startAt);
      const message = t().push.time.missingStart;
      return Number.isNaN(at.getTime()) ? { part: 'startAt', message } : { startAt: at.toISOString() };
    }
    case 'window': {
      const times = timesOf(draft.window, undefined, zoneHere);
      return 'part' in times ? times : { windows: times.windows, blackouts: times.blackouts };
    }
    case 'seen': {
      const { patienceHours } = draft;
      return {
        onConnect: true,
        ...(patienceHours !== null && { patienceMs: Math.round(patienceHours * 60 * minuteMs) }),
      };
    }
  }
}

function rolloutOf(draft: PushDraft): Pick<Strategy, 'rollout'> | PushMissing {
  const shares = sharesOf(draft.phases);
  if ('unread' in shares) {
    const { empty, unread } = t().push.phases;
    return { part: 'phases', message: shares.unread === '' ? empty : unread(shares.unread) };
  }
  const { successPercent, waitMinutes, needsApproval, order } = draft;
  return {
    rollout: {
      ...{ phases: shares.map((upTo) => ({ upTo })), needsApproval, order },
      ...{ successPercent: successPercent ?? 100, waitMs: Math.round((waitMinutes ?? 0) * minuteMs) },
    },
  };
}
