import type { DeviceFilter } from '../../../shared/model/index.ts';
import type { Database } from '../../data/index.ts';
import { searchWords } from '../row.ts';
import { type FacetName, facetNames } from './facet-counts.ts';
import { selectFound } from './search.ts';
import { whereFilter } from './where.ts';

/** Exact numbers of devices; what was counted once is remembered until something changes. */
export interface Totals {
  of(filter: DeviceFilter): number;
  ofAll(): number;
  /** Something changed. */
  forget(): void;
}

/** Counted filters remembered: a page is asked for again and again while someone scrolls. */
const mostRemembered = 100;

export function createTotals(database: Database): Totals {
  const all = database
    .prepare<[], number>("SELECT coalesce(sum(count), 0) FROM facet_counts WHERE facet = 'status'")
    .pluck();
  const oneFacet = database
    .prepare<[string, string], number>(
      'SELECT coalesce(sum(count), 0) FROM facet_counts WHERE facet = ? AND value IN (SELECT value FROM json_each(?))',
    )
    .pluck();
  const remembered = new Map<string, number>();

  const count = (filter: DeviceFilter): number => {
    const facet = onlyFacet(filter);
    if (facet === 'none') return all.get() ?? 0;
    if (facet) return oneFacet.get(facet.name, JSON.stringify(facet.values)) ?? 0;
    const words = onlySearch(filter);
    if (words) return countFound(words);
    const { sql, parameters } = whereFilter(filter, 'index');
    return (
      database.prepare<unknown[], number>(`SELECT count(*) FROM devices WHERE ${sql}`).pluck().get(parameters) ?? 0
    );
  };

  /** Without a look at the devices themselves, whose rows are several times as long as their texts. */
  const countFound = (words: string[]): number => {
    const { sql, parameters } = selectFound(words);
    return database.prepare<unknown[], number>(`SELECT count(*) FROM (${sql})`).pluck().get(parameters) ?? 0;
  };

  return {
    of(filter) {
      const key = JSON.stringify(filter);
      const known = remembered.get(key);
      if (known !== undefined) return known;
      if (remembered.size >= mostRemembered) remembered.clear();
      const total = count(filter);
      remembered.set(key, total);
      return total;
    },
    ofAll: () => all.get() ?? 0,
    forget: () => remembered.clear(),
  };
}

/** The words of a filter that asks for nothing else. */
function onlySearch({ search, ...others }: DeviceFilter): string[] | undefined {
  const words = searchWords(search ?? '');
  return words.length > 0 && Object.values(others).every((value) => value === undefined) ? words : undefined;
}

/** The one facet a filter asks for, if it asks for nothing else. */
function onlyFacet(filter: DeviceFilter): { name: FacetName; values: string[] } | 'none' | undefined {
  const [name, ...others] = Object.entries(filter).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  if (name === undefined) return 'none';
  const facet = facetNames.find((one) => one === name);
  if (!facet || others.length > 0) return undefined;
  const given: readonly (string | null)[] = filter[facet] ?? [];
  // '' stands for none among the counts, but for an empty text in a filter.
  return { name: facet, values: [...new Set(given.filter((value) => value !== '').map((value) => value ?? ''))] };
}
