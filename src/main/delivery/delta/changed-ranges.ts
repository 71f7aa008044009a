import { open } from 'node:fs/promises';
import { readUpTo } from '../read-up-to.ts';
import { append, bytesOf, type Range } from './ranges.ts';

/** Flash and file systems work on blocks of this size; smaller ones only make more requests. */
export const blockBytes = 4 * 1024;

/** Unchanged bytes between two changed ranges that are sent along, to save a request. */
const shortestGapBytes = 4 * blockBytes;

const readBytes = 256 * blockBytes;

/**
 * What of a file differs from another, place by place, in whole blocks; what is longer than the other differs. Memory
 * stays the same whatever the sizes, but for the ranges themselves.
 * @param mostBytes no need to look further once more than this has changed
 * @returns the ranges in order; `undefined` when more has changed
 */
export async function changedRanges(oldPath: string, newPath: string, mostBytes: number): Promise<Range[] | undefined> {
  await using before = await open(oldPath);
  await using after = await open(newPath);
  const [oldChunk, newChunk] = [Buffer.allocUnsafe(readBytes), Buffer.allocUnsafe(readBytes)];
  const ranges: Range[] = [];
  for (let position = 0; ; position += readBytes) {
    const [oldBytes, newBytes] = await Promise.all([
      readUpTo(before, oldChunk, position),
      readUpTo(after, newChunk, position),
    ]);
    for (let start = 0; start < newBytes; start += blockBytes) {
      const end = Math.min(start + blockBytes, newBytes);
      const isSame = end <= oldBytes && newChunk.compare(oldChunk, start, end, start, end) === 0;
      if (!isSame) append(ranges, { from: position + start, to: position + end }, shortestGapBytes);
    }
    if (bytesOf(ranges) > mostBytes) return undefined;
    if (newBytes < readBytes) return ranges;
  }
}
