import type { PushrodClient } from '../../../shared/contract/index.ts';
import type { Facet } from '../../../shared/model/index.ts';
import { filterOfQuery, type QueryKey, type WrittenTerm } from '../../lib/device-query.ts';
import { createLatest } from '../../lib/latest.ts';

/** The facets of a search: the key that each one ticks, and its name in the contract. */
export const facetKeys = { status: 'status', location: 'location', model: 'model', fw: 'firmwareVersion' } as const;
export type FacetKey = keyof typeof facetKeys;
export const facetNames = Object.keys(facetKeys) as FacetKey[];
export type Facets = Record<FacetKey, Facet>;

/** Rows come first; counts follow once someone pauses. */
const pauseMs = 150;

/** How many devices of a search have each value. */
export class DeviceFacetCounts {
  value = $state.raw<Facets>();
  readonly #latest = createLatest<Facets | undefined>(pauseMs);

  /** What a facet itself asks for is left out of its own counts, so that another value of it can be ticked as well. */
  ask(client: PushrodClient, written: readonly WrittenTerm[]): void {
    const nowMs = Date.now();
    this.#latest.ask(
      async () => {
        try {
          const all = await client.devices.facets({ filter: filterOfQuery(written, nowMs) });
          const facets = { status: all.status, location: all.location, model: all.model, fw: all.firmwareVersion };
          for (const key of facetNames.filter((one) => written.some((term) => asksFor(term, one)))) {
            const filter = filterOfQuery(
              written.filter((term) => !asksFor(term, key)),
              nowMs,
            );
            facets[key] = (await client.devices.facets({ filter }))[facetKeys[key]];
          }
          return facets;
        } catch {
          // The rows beside it say what is wrong.
          return undefined;
        }
      },
      (facets) => {
        if (facets) this.value = facets;
      },
    );
  }

  stop(): void {
    this.#latest.stop();
  }
}

const asksFor = ({ term }: WrittenTerm, key: QueryKey) =>
  term !== undefined && 'key' in term && term.key === key && term.operator === ':';

/** The values of a facet that a search asks for. */
export function tickedValues(written: readonly WrittenTerm[], key: QueryKey): (string | null)[] {
  return written.flatMap(({ term }) =>
    term && 'key' in term && term.key === key && term.operator === ':' ? [term.value] : [],
  );
}
