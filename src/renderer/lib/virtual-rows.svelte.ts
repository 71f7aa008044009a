import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { untrack } from 'svelte';

export interface LongList {
  /** How many rows there are in all. */
  count: number;
  /** How high one is; where rows are measured, about how high. */
  rowPx: number;
  /** Where rows are as high as their text: names the one at an index, so that it keeps its height where it moves. */
  keyOf?: (index: number) => string;
  /** What stands above the rows and stays in sight, such as a header. */
  abovePx: number;
  /** A row that is drawn wherever the list is, because it has the focus. */
  kept?: number | undefined;
}

/** A row that is drawn, and how far below the first it stands. */
export interface DrawnRow {
  index: number;
  topPx: number;
}

type Options = VirtualizerOptions<HTMLElement, HTMLElement>;

/** Rows drawn beyond the visible ones on either side. */
const spare = 10;

/** The rows of a long list that are worth drawing; all others are told by the height of the list alone. */
export class VirtualRows {
  drawn = $state.raw<DrawnRow[]>([]);
  heightPx = $state(0);
  /** The rows that can be seen, `end` exclusive. */
  inSight = $state.raw({ start: 0, end: 0 });
  #list: LongList = { count: 0, rowPx: 40, abovePx: 0 };
  #element: HTMLElement | null = null;
  readonly #virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.#options());

  /** For the element that scrolls: `{@attach rows.attach}`. */
  readonly attach = (element: HTMLElement): (() => void) => {
    this.#element = element;
    const leave = this.#virtualizer._didMount();
    // It must not be attached anew whenever the rows change that it shows.
    untrack(() => {
      this.#virtualizer._willUpdate();
      this.#show();
    });
    return () => {
      leave();
      this.#element = null;
    };
  };

  /** For a row that is as high as its text: `{@attach rows.measure}`, with its index in `data-index`. */
  readonly measure = (row: HTMLElement): void => {
    untrack(() => this.#virtualizer.measureElement(row));
  };

  set(list: LongList): void {
    const isResized = list.rowPx !== this.#list.rowPx || list.abovePx !== this.#list.abovePx;
    this.#list = list;
    this.#virtualizer.setOptions(this.#options());
    if (isResized) this.#virtualizer.measure();
    this.#virtualizer._willUpdate();
    this.#show();
  }

  /** Scrolls as little as brings a row into sight. */
  reveal(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  toTop(): void {
    this.#element?.scrollTo({ top: 0 });
  }

  /** How many rows a page of the keyboard is. */
  get pageRows(): number {
    return Math.max(1, this.inSight.end - this.inSight.start - 1);
  }

  #options(): Options {
    const { count, rowPx, abovePx, kept, keyOf } = this.#list;
    return {
      count,
      ...(keyOf && { getItemKey: keyOf }),
      overscan: spare,
      scrollMargin: abovePx,
      scrollPaddingStart: abovePx,
      estimateSize: () => rowPx,
      getScrollElement: () => this.#element,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      rangeExtractor(range) {
        const indexes = defaultRangeExtractor(range);
        if (kept === undefined || kept >= count || indexes.includes(kept)) return indexes;
        return kept < (indexes[0] ?? 0) ? [kept, ...indexes] : [...indexes, kept];
      },
      onChange: () => this.#show(),
    };
  }

  #show(): void {
    const { count, rowPx, abovePx, keyOf } = this.#list;
    this.drawn = this.#virtualizer.getVirtualItems().map(({ index, start }) => ({ index, topPx: start - abovePx }));
    this.heightPx = keyOf ? this.#virtualizer.getTotalSize() : count * rowPx;
    const offsetPx = this.#virtualizer.scrollOffset ?? 0;
    const roomPx = Math.max(0, (this.#virtualizer.scrollRect?.height ?? 0) - abovePx);
    const start = Math.max(0, Math.min(count, Math.ceil(offsetPx / rowPx)));
    const end = Math.max(start, Math.min(count, Math.floor((offsetPx + roomPx) / rowPx)));
    if (start !== this.inSight.start || end !== this.inSight.end) this.inSight = { start, end };
  }
}
