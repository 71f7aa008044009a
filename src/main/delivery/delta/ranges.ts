/** Bytes `from` up to `to` of a file. */
export interface Range {
  from: number;
  to: number;
}

export function bytesOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Adds a range behind the others, or to the last one where not more than `gapBytes` lie between. */
export function append(ranges: Range[], { from, to }: Range, gapBytes: number): void {
  const last = ranges.at(-1);
  if (last && from - last.to <= gapBytes) last.to = Math.max(last.to, to);
  else ranges.push({ from, to });
}

/** At most `most` ranges that begin at multiples of `stepBytes`, and hold all of the given ones. */
export function coarsen(ranges: readonly Range[], stepBytes: number, most: number): Range[] {
  for (let gapBytes = 0; ; gapBytes = gapBytes === 0 ? stepBytes : 2 * gapBytes) {
    const coarse: Range[] = [];
    for (const { from, to } of ranges) append(coarse, { from: from - (from % stepBytes), to }, gapBytes);
    if (coarse.length <= most) return coarse;
  }
}
