import { untrack } from 'svelte';
import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { DeviceFacets } from '../../../shared/model/index.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { session } from '../../lib/session.svelte.ts';
import type { Topics } from '../../lib/topics.svelte.ts';
import { VirtualRows } from '../../lib/virtual-rows.svelte.ts';
import { Columns } from './columns.svelte.ts';
import { DeviceFacetCounts } from './device-facets.svelte.ts';
import { DeviceList } from './device-list.svelte.ts';
import { DeviceSearch } from './device-search.svelte.ts';
import { facetPanel } from './facet-panel.svelte.ts';
import { followSelection } from './follow-selection.svelte.ts';
import { RowChoice } from './row-choice.svelte.ts';

/** All that the view of the devices shows, kept true to the registry. Made while a component is set up. */
export class DevicesInView {
  readonly search = new DeviceSearch();
  readonly columns = new Columns();
  readonly rows = new VirtualRows();
  readonly facets = new DeviceFacetCounts();
  readonly list: DeviceList;
  readonly choice: RowChoice;
  readonly following: { readonly hidden: number };
  /** All values there are, and how many devices without a search: only a list that is empty as a whole gives way to the first start. */
  readonly #everything = new LiveQuery<DeviceFacets>();
  readonly #profiles = new LiveQuery<string[]>();

  constructor(client: () => PushrodClient, topics: () => Topics) {
    this.list = new DeviceList(client);
    this.choice = new RowChoice(this.list);
    this.following = followSelection(client, topics, this.search, this.list);
    $effect(() => {
      const { question } = this.search;
      untrack(() => this.list.ask(question));
    });
    $effect(() => {
      topics().count('devices');
      if (!session.isLost) untrack(() => this.list.refresh());
      this.#everything.fetch(() => client().devices.facets({}));
    });
    $effect(() => {
      topics().count('profiles');
      this.#profiles.fetch(async () => (await client().profiles.list()).profiles.map(({ name }) => name));
    });
    $effect(() => {
      topics().count('devices');
      if (facetPanel.isOpen && !session.isLost) this.facets.ask(client(), this.search.written);
      return () => this.facets.stop();
    });
  }

  get failure() {
    return this.list.failure ?? this.#everything.failure;
  }

  /** How many devices there are in all; `undefined` until the list can be shown. */
  get totalOfAll(): number | undefined {
    return this.list.total === undefined ? undefined : this.#everything.value?.total;
  }

  /** What a search may ask for. */
  get known() {
    return { facets: this.#everything.value, profiles: this.#profiles.value ?? [] };
  }
}
