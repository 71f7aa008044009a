import type { DeviceUpdate, DeviceUpdateState } from '../../shared/model/index.ts';
import { devicePercent } from './progress.ts';

/** A letter or sign for each state: it can be told without its colour. */
export const stateMarks: Record<DeviceUpdateState, string> = {
  pending: '·',
  connecting: 'C',
  preflight: 'P',
  transferring: 'T',
  verifying: 'V',
  staged: 'S',
  activating: 'A',
  confirming: 'K',
  rollingBack: 'B',
  retrying: 'R',
  interrupted: 'I',
  succeeded: '✓',
  failed: '✕',
  rolledBack: '↩',
  cancelled: '–',
  skipped: '»',
};

/** How cells lie in a grid, row by row. */
export interface Cells {
  /** Of a cell with the gap after it. */
  sizePx: number;
  columns: number;
  rows: number;
}

/** From the largest, in which a letter can be read, to the smallest that still can be told apart. */
const sizesPx = [30, 22, 18, 14, 12, 10, 9];

/** As large as lets all cells be seen at once; very many are scrolled through. */
export function layCells(count: number, widthPx: number, heightPx: number): Cells {
  const laid = sizesPx.map((sizePx) => {
    const columns = Math.max(1, Math.floor(widthPx / sizePx));
    return { sizePx, columns, rows: Math.ceil(count / columns) };
  });
  return laid.find(({ sizePx, rows }) => rows * sizePx <= heightPx) ?? (laid.at(-1) as Cells);
}

/** Which cell lies at a point; `undefined` beside them. */
export function cellAt({ sizePx, columns }: Cells, count: number, xPx: number, yPx: number): number | undefined {
  const column = Math.floor(xPx / sizePx);
  const index = Math.floor(yPx / sizePx) * columns + column;
  return column >= 0 && column < columns && index >= 0 && index < count ? index : undefined;
}

/** Where a key leads from a cell; `undefined` for keys that mean something else. */
export function cellAfter({ columns }: Cells, count: number, from: number, key: string): number | undefined {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined) return undefined;
  const to = from + step;
  return to >= 0 && to < count ? to : from;
}

const levels = 8;

/** How full the cell of a device is drawn, in eighths: a cell is drawn again only when that or its state changed. */
export function cellLevel(device: DeviceUpdate): number {
  return device.state === 'transferring' ? Math.floor((devicePercent(device) / 100) * levels) : levels;
}
