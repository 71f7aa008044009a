export { blockBytes, changedRanges } from './changed-ranges.ts';
export { bytesOf, coarsen, type Range } from './ranges.ts';
