import { describe, expect, it } from 'vitest';
import { type DeviceUpdate, deviceUpdateState } from '../../shared/model/index.ts';
import { cellAfter, cellAt, cellLevel, layCells, stateMarks } from './fleet.ts';

describe('the cells of a fleet', () => {
  it.each([
    [8, 30],
    [150, 30],
    [300, 18],
    [1_000, 10],
    [100_000, 9],
  ])('get smaller as there are more: %d', (count, sizePx) => {
    const cells = layCells(count, 900, 160);
    expect(cells.sizePx).toBe(sizePx);
    expect(cells.columns * sizePx).toBeLessThanOrEqual(900);
    expect(cells.columns * cells.rows).toBeGreaterThanOrEqual(count);
  });

  it('are all in sight, on a phone as well, as long as they can be told apart', () => {
    for (const [count, widthPx] of [
      [80, 360],
      [1_000, 640],
    ] as const) {
      const { rows, sizePx } = layCells(count, widthPx, 160);
      expect(rows * sizePx).toBeLessThanOrEqual(160);
    }
  });

  it('lie in one column where there is no room yet', () =>
    expect(layCells(3, 0, 160)).toMatchObject({ columns: 1, rows: 3 }));

  it('are found by a point, and nothing beside them', () => {
    const cells = { sizePx: 10, columns: 4, rows: 2 };
    expect(cellAt(cells, 6, 0, 0)).toBe(0);
    expect(cellAt(cells, 6, 15, 10)).toBe(5);
    expect(cellAt(cells, 6, 25, 10)).toBeUndefined();
    expect(cellAt(cells, 6, 40, 0)).toBeUndefined();
    expect(cellAt(cells, 6, -1, 0)).toBeUndefined();
  });

  it.each([
    ['ArrowRight', 1, 2],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 3, 3],
    ['ArrowUp', 5, 1],
    ['ArrowUp', 1, 1],
    ['Home', 5, 0],
    ['End', 0, 5],
    ['Tab', 0, undefined],
  ])('are reached by %s from %d', (key, from, to) =>
    expect(cellAfter({ sizePx: 10, columns: 4, rows: 2 }, 6, from, key)).toBe(to),
  );

  it('have a mark of their own for each state', () =>
    expect(new Set(deviceUpdateState.options.map((state) => stateMarks[state])).size).toBe(
      deviceUpdateState.options.length,
    ));

  it('fill as bytes get through', () => {
    const device = { state: 'transferring', bytesSent: 50, bytesTotal: 100, resumedFrom: 0, unchangedBytes: 0 };
    expect(cellLevel(device as DeviceUpdate)).toBe(4);
    expect(cellLevel({ ...device, state: 'failed' } as DeviceUpdate)).toBe(8);
  });
});
