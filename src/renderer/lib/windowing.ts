/** Rows `start` to `end` (exclusive) of a long list, and the heights that stand for the others. */
export interface RowWindow {
  start: number;
  end: number;
  beforePx: number;
  afterPx: number;
}

/** Rows drawn beyond the visible ones on either side. */
const spare = 12;

/** Which rows of a scrolled list are worth drawing. */
export function windowOf(count: number, rowPx: number, scrollTopPx: number, heightPx: number): RowWindow {
  const start = Math.min(count, Math.max(0, Math.floor(scrollTopPx / rowPx) - spare));
  const end = Math.min(count, Math.ceil((scrollTopPx + heightPx) / rowPx) + spare);
  return { start, end: Math.max(start, end), beforePx: start * rowPx, afterPx: Math.max(0, count - end) * rowPx };
}
