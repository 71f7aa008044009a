import type { DeviceFilter, DeviceSort } from '../../../shared/model/index.ts';
import { deviceSortField } from '../../../shared/model/index.ts';
import { filterOfQuery, readQuery, type WrittenTerm } from '../../lib/device-query.ts';
import { route } from '../../lib/route.svelte.ts';
import type { Question } from './device-list.svelte.ts';

/** `seen<7d` is counted back from when it was typed, also for whoever comes back from another view. */
let last: { text: string; filter: DeviceFilter; written: WrittenTerm[] } | undefined;

function understand(text: string) {
  if (last?.text !== text) {
    const written = readQuery(text);
    last = { text, written, filter: filterOfQuery(written, Date.now()) };
  }
  return last;
}

/** `-lastSeen` is by when they were last seen, the latest first. */
function readSort(text: string): DeviceSort {
  const field = deviceSortField.safeParse(text.replace(/^-/, ''));
  return field.success ? { field: field.data, descending: text.startsWith('-') } : { field: 'name', descending: false };
}

/** What is looked for among the devices and in which order: as the address says, so that it can be shared and gone back to. */
export class DeviceSearch {
  readonly text = $derived(route.query('search') ?? '');
  readonly #sort = $derived(route.query('sort') ?? '');
  readonly #understood = $derived(understand(this.text));
  readonly question: Question = $derived({ filter: this.#understood.filter, sort: readSort(this.#sort) });
  readonly narrows = $derived(Object.keys(this.#understood.filter).length > 0);
  readonly faults = $derived(this.#understood.written.filter(({ fault }) => fault !== undefined));
  /** Typing is one step of the history, however many keys it takes. */
  #isTyping = false;

  get written(): WrittenTerm[] {
    return this.#understood.written;
  }

  type(text: string): void {
    route.setQuery('search', text, this.#isTyping ? 'replace' : 'push');
    this.#isTyping = true;
  }

  /** What is typed from now on can be gone back from. */
  endTyping(): void {
    this.#isTyping = false;
  }

  /** A search that was not typed, such as a filter that was ticked. */
  set(text: string): void {
    route.setQuery('search', text, 'push');
    this.endTyping();
  }

  sortBy({ field, descending }: DeviceSort): void {
    const isFirst = field === 'name' && !descending;
    route.setQuery('sort', isFirst ? undefined : `${descending ? '-' : ''}${field}`, 'push');
  }
}
