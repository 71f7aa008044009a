import { type DeviceFilter, type DeviceId, type DeviceSelection, mostExceptIds } from '../../shared/model/index.ts';

/** Devices as they were chosen at one moment. */
export interface ChosenDevices {
  /** `undefined` where none is. */
  selection: DeviceSelection | undefined;
  count: number;
}

/** Everything that a filter finds, and how many that are. */
interface Matching {
  filter: DeviceFilter;
  total: number;
}

/** A selection as it can be written down. */
export interface KeptSelection {
  /** Chosen one by one; with `matching`, left out. */
  ids: DeviceId[];
  matching?: Matching;
}

export const isSameFilter = (one: DeviceFilter, other: DeviceFilter): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** The filter that finds a selection. */
export function filterOf(selection: DeviceSelection | undefined): DeviceFilter {
  if (selection && 'ids' in selection) return { ids: selection.ids };
  return selection && 'filter' in selection ? selection.filter : {};
}

/** The same devices, without insisting on those that are gone meanwhile. */
export function stillThere(selection: DeviceSelection): DeviceSelection {
  return 'ids' in selection ? { filter: { ids: selection.ids } } : selection;
}

/** By id; none where there are none. */
export function chosenById(ids: DeviceId[]): ChosenDevices {
  return { selection: ids.length > 0 ? { ids } : undefined, count: ids.length };
}

/** The devices that are chosen in the list, one by one or all that match, kept while the person looks at other views. */
class Selection {
  /** Those that are chosen; with `matching`, those that are left out. */
  readonly #ids = new Set<DeviceId>();
  /** Counts up with each change of the ids: thousands may change at once, and few are shown. */
  #changes = $state(0);
  #matching = $state.raw<Matching>();

  /** Set while everything is chosen that a filter finds, rows that are not loaded among them. */
  get matching(): Matching | undefined {
    return this.#matching;
  }

  get count(): number {
    void this.#changes;
    return this.#matching ? Math.max(0, this.#matching.total - this.#ids.size) : this.#ids.size;
  }

  /** Those that are chosen one by one. */
  get ids(): DeviceId[] {
    void this.#changes;
    return this.#matching ? [] : [...this.#ids];
  }

  /** Those that are left out of everything that matches. */
  get exceptIds(): DeviceId[] {
    void this.#changes;
    return this.#matching ? [...this.#ids] : [];
  }

  /** Whether a device is chosen; with `matching`, one that its filter finds. */
  has(id: DeviceId): boolean {
    void this.#changes;
    return this.#ids.has(id) !== (this.#matching !== undefined);
  }

  /** @returns whether it could be done: only so many devices can be left out one by one */
  set(ids: readonly DeviceId[], isChosen: boolean): boolean {
    const isListed = isChosen !== (this.#matching !== undefined);
    if (this.#matching && isListed) {
      const more = ids.filter((id) => !this.#ids.has(id)).length;
      if (this.#ids.size + more > mostExceptIds) return false;
    }
    for (const id of ids) {
      if (isListed) this.#ids.add(id);
      else this.#ids.delete(id);
    }
    this.#changes += 1;
    if (this.#matching && this.count === 0) this.clear();
    return true;
  }

  /** Chooses these alone. */
  replace(ids: readonly DeviceId[]): void {
    this.clear();
    this.set(ids, true);
  }

  chooseMatching(filter: DeviceFilter, total: number): void {
    this.clear();
    this.#matching = { filter, total };
  }

  /** As many match now: devices come and go. */
  recount(total: number): void {
    if (this.#matching && this.#matching.total !== total) this.#matching = { ...this.#matching, total };
  }

  get kept(): KeptSelection {
    void this.#changes;
    return { ids: [...this.#ids], ...(this.#matching && { matching: this.#matching }) };
  }

  /** Chooses what was kept. */
  take({ ids, matching }: KeptSelection): void {
    this.clear();
    this.#matching = matching;
    for (const id of ids) this.#ids.add(id);
  }

  /** Devices that are gone are neither chosen nor left out. */
  forget(gone: readonly DeviceId[]): void {
    for (const id of gone) this.#ids.delete(id);
    this.#changes += 1;
  }

  clear(): void {
    this.#ids.clear();
    this.#changes += 1;
    this.#matching = undefined;
  }

  /** What is chosen now, for a request. */
  chosen(): ChosenDevices {
    if (!this.#matching) return chosenById(this.ids);
    const { exceptIds, count } = this;
    const filter = { ...this.#matching.filter, ...(exceptIds.length > 0 && { exceptIds }) };
    return { selection: Object.keys(filter).length === 0 ? { all: true } : { filter }, count };
  }
}

export const selection = new Selection();
