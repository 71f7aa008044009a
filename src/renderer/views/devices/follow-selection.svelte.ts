import { untrack } from 'svelte';
import type { PushrodClient } from '../../../shared/contract/index.ts';
import { LiveQuery } from '../../lib/live-query.svelte.ts';
import { isSameFilter, selection } from '../../lib/selection.svelte.ts';
import type { Topics } from '../../lib/topics.svelte.ts';
import type { DeviceList } from './device-list.svelte.ts';
import type { DeviceSearch } from './device-search.svelte.ts';

/** Of more it is not asked with each key which of them a search finds: their ids alone are megabytes. */
const mostLookedFor = 10_000;

/** Keeps what is chosen true to the list while it is shown. Called while a component is set up. */
export function followSelection(
  client: () => PushrodClient,
  topics: () => Topics,
  search: DeviceSearch,
  list: DeviceList,
): { readonly hidden: number } {
  /** How many of the devices that were chosen one by one the list shows. */
  const inList = new LiveQuery<number>();

  // Everything that matched is chosen no longer once something else is searched for.
  $effect(() => {
    const { filter } = search.question;
    // While the rows of the last search were still there, they could be chosen.
    void list.answered;
    untrack(() => {
      if (selection.matching && !isSameFilter(selection.matching.filter, filter)) selection.clear();
    });
  });
  // As many are chosen as match now: devices come and go.
  $effect(() => {
    const { answered, total } = list;
    if (answered !== search.question || total === undefined) return;
    if (selection.matching && isSameFilter(selection.matching.filter, answered.filter)) selection.recount(total);
  });
  $effect(() => {
    const { filter } = search.question;
    topics().count('devices');
    if (!search.narrows || selection.count === 0 || selection.count > mostLookedFor) return;
    const { ids } = selection;
    if (ids.length === 0) return;
    const wanted = new Set(filter.ids ?? ids);
    const both = { ...filter, ids: ids.filter((id) => wanted.has(id)) };
    inList.fetch(async () => (await client().devices.list({ filter: both, limit: 1 })).total);
  });

  return {
    /** Chosen devices that the list does not show. */
    get hidden() {
      if (selection.matching || !search.narrows || selection.count > mostLookedFor) return 0;
      if (inList.value === undefined) return 0;
      return Math.max(0, selection.count - inList.value);
    },
  };
}
