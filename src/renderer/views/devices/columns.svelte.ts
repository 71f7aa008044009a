import {
  type Column,
  type ColumnKey,
  firstColumns,
  leastPx,
  leastWidthOf,
  mostPx,
  readColumns,
  trackOf,
} from './column-list.ts';

const storageKey = 'pushrod.devices.columns';

/** The columns of the devices: which are shown, in which order and how wide; remembered on this laptop. */
export class Columns {
  all = $state.raw<Column[]>(readColumns(localStorage.getItem(storageKey)));
  readonly shown = $derived(this.all.filter(({ isShown }) => isShown));
  readonly tracks = $derived(this.shown.map(trackOf).join(' '));
  readonly leastPx = $derived(this.shown.reduce((sum, column) => sum + leastWidthOf(column), 0));

  /** Shows a column or hides it; a tag that is new comes last. The name always stays. */
  toggle(key: ColumnKey): void {
    if (key === 'name') return;
    const isThere = this.all.some((one) => one.key === key);
    if (!isThere) this.#keep([...this.all, { key, isShown: true, widthPx: null }]);
    else this.#change(key, (column) => ({ ...column, isShown: !column.isShown }));
  }

  resize(key: ColumnKey, widthPx: number | null): void {
    const size = widthPx === null ? null : Math.round(Math.min(mostPx, Math.max(leastPx, widthPx)));
    this.#change(key, (column) => ({ ...column, widthPx: size }));
  }

  /** Moves a column by so many places among those that are shown. */
  move(key: ColumnKey, by: number): void {
    const at = this.shown.findIndex((one) => one.key === key);
    const other = this.shown[at + by];
    if (other) this.place(key, other.key);
  }

  /** Puts a column where another stands; that one and those between make room. */
  place(key: ColumnKey, where: ColumnKey): void {
    const [from, to] = [key, where].map((one) => this.all.findIndex((column) => column.key === one));
    const column = this.all[from ?? -1];
    if (!column || to === undefined || to === -1) return;
    this.#keep(this.all.toSpliced(from ?? 0, 1).toSpliced(to, 0, column));
  }

  reset(): void {
    localStorage.removeItem(storageKey);
    this.all = firstColumns();
  }

  #change(key: ColumnKey, change: (column: Column) => Column): void {
    this.#keep(this.all.map((one) => (one.key === key ? change(one) : one)));
  }

  #keep(columns: Column[]): void {
    this.all = columns;
    localStorage.setItem(storageKey, JSON.stringify(columns));
  }
}
