import { SvelteSet } from 'svelte/reactivity';
import type { DeviceFilter, DeviceId, DeviceSelection } from '../../shared/model/index.ts';

/** Devices as they were chosen at one moment. */
export interface ChosenDevices {
  /** `undefined` where none is. */
  selection: DeviceSelection | undefined;
  count: number;
}

/** Everything that a filter finds, and how many that were when it was chosen. */
interface Matching {
  filter: DeviceFilter;
  total: number;
}

/** The filter that finds a selection. */
export function filterOf(selection: DeviceSelection | undefined): DeviceFilter {
  if (selection && 'ids' in selection) return { ids: selection.ids };
  return selection && 'filter' in selection ? selection.filter : {};
}

/** By id; none where there are none. */
export function chosenById(ids: DeviceId[]): ChosenDevices {
  return { selection: ids.length > 0 ? { ids } : undefined, count: ids.length };
}

/** The devices that are chosen in the list, one by one or all that match, kept while the person looks at other views. */
class Selection {
  readonly #ids = new SvelteSet<DeviceId>();
  #matching = $state.raw<Matching>();

  /** Set while everything is chosen that a filter finds, rows that are not loaded among them. */
  get matching(): Matching | undefined {
    return this.#matching;
  }

  get count(): number {
    return this.#matching?.total ?? this.#ids.size;
  }

  /** Whether a device of the list is chosen; with `matching` each one is that the list shows. */
  has(id: DeviceId): boolean {
    return this.#matching !== undefined || this.#ids.has(id);
  }

  set(ids: Iterable<DeviceId>, isChosen: boolean): void {
    this.#matching = undefined;
    for (const id of ids) {
      if (isChosen) this.#ids.add(id);
      else this.#ids.delete(id);
    }
  }

  chooseMatching(filter: DeviceFilter, total: number): void {
    this.#ids.clear();
    this.#matching = { filter, total };
  }

  clear(): void {
    this.#ids.clear();
    this.#matching = undefined;
  }

  /** What is chosen now, for a request. */
  chosen(): ChosenDevices {
    const { filter, total } = this.#matching ?? {};
    if (!filter || total === undefined) return chosenById([...this.#ids]);
    return { selection: Object.keys(filter).length === 0 ? { all: true } : { filter }, count: total };
  }
}

export const selection = new Selection();
