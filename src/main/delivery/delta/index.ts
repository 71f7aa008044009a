export { blockBytes, changedRanges, type Range } from './changed-ranges.ts';
