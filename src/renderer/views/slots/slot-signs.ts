import type { SlotState } from '../../../shared/model/index.ts';
import type { Tone } from '../../lib/tones.ts';

/** What a tile shows of each state beside its words: a shape for who cannot tell the colours, and the colour. */
export const slotSigns: Record<SlotState, { shape: string; tone: Tone }> = {
  off: { shape: '■', tone: 'idle' },
  waiting: { shape: '○', tone: 'idle' },
  identifying: { shape: '◌', tone: 'busy' },
  flashing: { shape: '▶', tone: 'busy' },
  done: { shape: '✓', tone: 'good' },
  failed: { shape: '✕', tone: 'bad' },
};
