import { type DeviceUpdateState, hasFailed } from '../../shared/model/index.ts';
import { isOpen } from './state-machine.ts';

/** How many devices of an update, or of one of its phases, are how far. */
export interface Tally {
  /** That have not ended, staged ones left out. */
  open: number;
  staged: number;
  succeeded: number;
  /** Rolled back ones included. */
  failed: number;
}

export const emptyTally = (): Tally => ({ open: 0, staged: 0, succeeded: 0, failed: 0 });

/** Counts a device in (`by` 1) or out (-1). */
export function count(tally: Tally, state: DeviceUpdateState, by: 1 | -1): void {
  if (isOpen(state)) tally.open += by;
  else if (state === 'staged') tally.staged += by;
  else if (state === 'succeeded') tally.succeeded += by;
  else if (hasFailed({ state })) tally.failed += by;
}
