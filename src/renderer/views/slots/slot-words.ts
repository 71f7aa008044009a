import type { SlotState } from '../../../shared/model/index.ts';
import type { Tone } from '../../lib/tones.ts';

/** What a tile says and shows of each state: words, a shape for who cannot tell the colours, and the colour. */
export const slotWords: Record<SlotState, { says: string; asks?: string; shape: string; tone: Tone }> = {
  off: { says: 'Stopped', shape: '■', tone: 'idle' },
  waiting: { says: 'Waiting', asks: 'Put a board in', shape: '○', tone: 'idle' },
  identifying: { says: 'Identifying', shape: '◌', tone: 'busy' },
  flashing: { says: 'Flashing', asks: 'Leave it in', shape: '▶', tone: 'busy' },
  done: { says: 'Done', asks: 'Take it out', shape: '✓', tone: 'good' },
  failed: { says: 'Failed', asks: 'Take it out', shape: '✕', tone: 'bad' },
};
