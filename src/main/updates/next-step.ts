import { formatShare, type PushRequest, type Share } from '../../shared/model/index.ts';
import type { Tally } from './tally.ts';

/** How far an update is. */
export interface Progress {
  request: Pick<PushRequest, 'rollout' | 'maxFailures'>;
  /** The phase under way, from 0. */
  phase: number;
  /** When the last device of the phase came to its end, in milliseconds since the epoch; `undefined` before that. */
  phaseEndedAtMs: number | undefined;
  /** Of all its devices, and of those of the phase. */
  all: Tally;
  ofPhase: Tally;
  /** Devices of this phase and of those before that have not ended. */
  openSoFar: number;
  /** Devices that are worked on. */
  underWay: number;
  nowMs: number;
}

/** What an update does next by itself. */
export type NextStep =
  | { do: 'begin' }
  | { do: 'finish' }
  | { do: 'wait'; untilMs: number }
  | { do: 'advance' }
  | { do: 'pause'; reason: string }
  | { do: 'end'; state: 'completed' | 'failed'; reason: string | null };

/** Fewer devices tell nothing about a percentage. */
const leastSample = 5;

/** Decides what a running update does: begins devices of its phase, goes on to the next, pauses or ends. */
export function nextStep(progress: Progress): NextStep {
  const { request, phase, phaseEndedAtMs, all, ofPhase, openSoFar, underWay, nowMs } = progress;
  const { rollout, maxFailures } = request;
  if (maxFailures && isPast(maxFailures, all)) {
    if (underWay > 0) return { do: 'finish' };
    const reason = `More than ${describe(maxFailures)} had failed (${all.failed} of ${ended(all)}); the rest was not begun.`;
    return { do: 'end', state: 'failed', reason };
  }
  if (openSoFar > 0) return { do: 'begin' };
  if (!rollout || phase + 1 >= rollout.phases.length) return { do: 'end', state: 'completed', reason: null };
  const name = rollout.phases[phase]?.name ?? `Phase ${phase + 1}`;
  const missed = missedRate(ofPhase, rollout.successPercent);
  if (missed) return { do: 'pause', reason: `${name} ended below its success rate: ${missed}.` };
  if (rollout.needsApproval) return { do: 'pause', reason: `${name} has ended and waits for approval.` };
  const untilMs = (phaseEndedAtMs ?? nowMs) + rollout.waitMs;
  return nowMs < untilMs ? { do: 'wait', untilMs } : { do: 'advance' };
}

/** Whether a phase ended below its rate, in words. What was skipped says nothing about the firmware. */
function missedRate({ succeeded, staged, failed }: Tally, successPercent: number): string | undefined {
  const good = succeeded + staged;
  const tried = good + failed;
  if (tried === 0 || (good / tried) * 100 >= successPercent) return undefined;
  return `${good} of ${tried} devices succeeded, ${successPercent} % were required`;
}

function isPast(maxFailures: Share, all: Tally): boolean {
  if ('devices' in maxFailures) return all.failed > maxFailures.devices;
  return ended(all) >= leastSample && (all.failed / ended(all)) * 100 > maxFailures.percent;
}

const ended = ({ succeeded, staged, failed }: Tally) => succeeded + staged + failed;

function describe(given: Share): string {
  if ('percent' in given) return formatShare(given);
  return given.devices === 1 ? 'one device' : `${given.devices} devices`;
}
