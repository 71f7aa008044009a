import { type DeviceUpdate, isFinal, type Update } from '../../shared/model/index.ts';
import { failedCount } from './progress.ts';

/** What a person can do with an update. `cut` pauses as well, and what is under way does not come to its end. */
export type UpdateAction =
  | ('pause' | 'cut' | 'resume' | 'approve' | 'cancel')
  | ('retryFailed' | 'retryAll' | 'activate' | 'limits');

/** What its state allows, as the core decides it too. */
export function actionsFor(update: Update, devices: Iterable<DeviceUpdate>): ReadonlySet<UpdateAction> {
  const { state, counts } = update;
  const isEnded = state === 'completed' || state === 'failed' || state === 'cancelled';
  const mayRetry = isEnded || state === 'paused' || state === 'running';
  const waitsForPhase = state === 'paused' && update.phase + 1 < update.phases && isPhaseOver(update, devices);
  const allowed: [UpdateAction, boolean][] = [
    ['pause', state === 'running' || state === 'scheduled'],
    ['cut', state === 'running'],
    ['resume', state === 'interrupted' || (state === 'paused' && !waitsForPhase)],
    ['approve', waitsForPhase],
    ['cancel', !isEnded],
    ['retryFailed', mayRetry && failedCount(update) > 0],
    ['retryAll', (isEnded || state === 'paused') && (counts.cancelled ?? 0) + (counts.skipped ?? 0) > 0],
    ['activate', (mayRetry || state === 'scheduled') && !isLost(update) && (counts.staged ?? 0) > 0],
    ['limits', !isEnded && state !== 'interrupted'],
  ];
  return new Set(allowed.filter(([, isAllowed]) => isAllowed).map(([action]) => action));
}

/** The core lets nothing be activated then; failed devices are retried first. */
const isLost = ({ state }: Update) => state === 'failed' || state === 'cancelled';

function isPhaseOver({ phase }: Update, devices: Iterable<DeviceUpdate>): boolean {
  for (const device of devices) {
    if (device.phase <= phase && !isFinal(device.state) && device.state !== 'staged') return false;
  }
  return true;
}

/** A phase as a step of its update. */
export interface PhaseStep {
  total: number;
  succeeded: number;
  failed: number;
  /** Devices that came to an end, or are staged. */
  done: number;
  state: 'done' | 'current' | 'next' | 'later';
}

/** The phases of an update; none where it has one only. */
export function phaseSteps(update: Update, devices: Iterable<DeviceUpdate>): PhaseStep[] {
  if (update.phases < 2) return [];
  const isOver = update.state === 'completed' || update.state === 'failed' || update.state === 'cancelled';
  const steps = Array.from({ length: update.phases }, (_, index): PhaseStep => {
    const state = index < update.phase ? 'done' : index === update.phase ? 'current' : 'later';
    return { total: 0, succeeded: 0, failed: 0, done: 0, state: isOver && state === 'current' ? 'done' : state };
  });
  const next = steps[update.phase + 1];
  if (next && !isOver) next.state = 'next';
  for (const { phase, state } of devices) {
    const step = steps[phase];
    if (!step) continue;
    step.total += 1;
    step.succeeded += Number(state === 'succeeded');
    step.failed += Number(state === 'failed' || state === 'rolledBack');
    step.done += Number(isFinal(state) || state === 'staged');
  }
  return steps;
}
