import { type Device, type DeviceId, mostExceptIds } from '../../../shared/model/index.ts';
import { toFailure } from '../../lib/failure.ts';
import { notice } from '../../lib/notice.svelte.ts';
import { selection } from '../../lib/selection.svelte.ts';
import { t } from '../../messages/index.ts';
import type { DeviceList } from './device-list.svelte.ts';

/** So many rows are all chosen at once by a click; of more, those in sight are, and the rest is offered. */
const mostAtOnce = 100;

/** How rows are chosen by clicks and keys, as in a file manager; rows that are not loaded among them. */
export class RowChoice {
  /** The row that has the focus, or would get it. */
  active = $state(0);
  /** Where a range begins. */
  #anchor: number | undefined;
  #asked = 0;
  readonly #list: DeviceList;

  constructor(list: DeviceList) {
    this.#list = list;
  }

  /** Another list: what was a place in the last one is none in this. */
  begin(): void {
    this.active = 0;
    this.#anchor = undefined;
  }

  /** A click on a row chooses it alone, with Ctrl as well, with Shift all from the last one. */
  click(event: MouseEvent, index: number): void {
    const id = this.#list.rowAt(index)?.id;
    this.active = index;
    if (event.shiftKey) void this.#range(index, true);
    else if (event.ctrlKey || event.metaKey) this.toggle(index);
    else if (id !== undefined) {
      this.#anchor = index;
      selection.replace([id]);
    }
  }

  /** A click on a tick adds or takes away, with Shift all from the last one. */
  tick(event: MouseEvent, index: number): void {
    this.active = index;
    if (event.shiftKey && this.#anchor !== undefined) void this.#range(index, false);
    else this.toggle(index);
  }

  toggle(index: number): void {
    const id = this.#list.rowAt(index)?.id;
    if (id === undefined) return;
    this.#anchor = index;
    set([id], !selection.has(id));
  }

  /** Goes to a row; with Shift all from where it began are chosen. */
  move(index: number, isExtended: boolean): void {
    const from = this.active;
    this.active = Math.max(0, Math.min(index, (this.#list.total ?? 1) - 1));
    if (!isExtended) return;
    if (selection.count === 0) this.#anchor = from;
    this.#anchor ??= from;
    void this.#range(this.active, true);
  }

  chooseMatching(): void {
    const { answered, total } = this.#list;
    if (answered && total) selection.chooseMatching(answered.filter, total);
  }

  /** The rows that a click on the topmost tick means. */
  rowsAtOnce(inSight: { start: number; end: number }): { start: number; end: number } {
    const total = this.#list.total ?? 0;
    return total <= mostAtOnce ? { start: 0, end: total } : { start: inSight.start, end: Math.min(inSight.end, total) };
  }

  /** Whether these rows are all that the list has. */
  isWhole({ start, end }: { start: number; end: number }): boolean {
    return end - start === (this.#list.total ?? 0);
  }

  /** Whether all, or some, of these rows are chosen. */
  areChosen({ start, end }: { start: number; end: number }): 'all' | 'some' | 'none' {
    const here: Device[] = [];
    for (let index = start; index < end; index += 1) {
      const device = this.#list.rowAt(index);
      if (device) here.push(device);
    }
    const chosen = here.filter(({ id }) => selection.has(id)).length;
    if (chosen === 0) return 'none';
    return chosen === end - start ? 'all' : 'some';
  }

  async tickAtOnce(rows: { start: number; end: number }): Promise<void> {
    if (this.areChosen(rows) === 'all') return selection.clear();
    const ids = await this.#idsBetween(rows.start, rows.end);
    if (ids) set(ids, true);
  }

  /** Chooses from the anchor to a row: these alone, or these as well or no longer, as the row is to be. */
  async #range(index: number, isAlone: boolean): Promise<void> {
    const from = this.#anchor ?? index;
    this.#anchor = from;
    const last = this.#list.rowAt(index)?.id;
    const isChosen = isAlone || last === undefined || !selection.has(last);
    const ids = await this.#idsBetween(Math.min(from, index), Math.max(from, index) + 1);
    if (!ids) return;
    if (isAlone) selection.replace(ids);
    else set(ids, isChosen);
  }

  /** `undefined` when something else was chosen meanwhile, or it could not be found out. */
  async #idsBetween(start: number, end: number): Promise<DeviceId[] | undefined> {
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const ids = await this.#list.idsBetween(start, end);
      return mine === this.#asked ? ids : undefined;
    } catch (thrown) {
      notice.say(toFailure(thrown).message);
      return undefined;
    }
  }
}

function set(ids: readonly DeviceId[], isChosen: boolean): void {
  if (!selection.set(ids, isChosen)) notice.say(t().devices.selection.tooManyLeftOut(mostExceptIds));
}
