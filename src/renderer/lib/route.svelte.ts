import { parseRoute, queryOf, type Route, type Section, sectionOf, sections, withQuery } from './route-address.ts';

export { type Route, type Section, sectionOf, sections } from './route-address.ts';

let fragment = $state(location.hash);
/** Where each place was left, so that whoever comes back to it finds the same search. */
const left = $state<Partial<Record<Section, string>>>({});

function moved(): void {
  fragment = location.hash;
  const current = parseRoute(fragment);
  if (sections.some((path) => path === current.view)) left[sectionOf(current)] = fragment;
}
addEventListener('hashchange', moved);
addEventListener('popstate', moved);
moved();

export const route = {
  get current(): Route {
    return parseRoute(fragment);
  },
  /** What the address says of the view, by name. */
  query(name: string): string | undefined {
    return queryOf(fragment).get(name);
  },
  /** @param step a new one is gone back from; `replace` changes the address in place, as while someone types */
  setQuery(name: string, value: string | undefined, step: 'push' | 'replace'): void {
    const target = withQuery(location.hash, name, value);
    if (target === location.hash) return;
    if (step === 'push') history.pushState(null, '', target);
    else history.replaceState(null, '', target);
    moved();
  },
  /** Where a place of the navigation leads: back to how it was left, and from there to its beginning. */
  addressOf(section: Section): string {
    const last = left[section];
    return last && parseRoute(fragment).view !== section ? last : `#/${section}`;
  },
};

export function goTo(target: string): void {
  location.hash = target;
}
