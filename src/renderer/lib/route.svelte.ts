import { decoded } from './fragment.ts';

/** Where the page is, from the fragment of its URL. */
export type Route = { view: 'devices' } | { view: 'updates' } | { view: 'update'; id: string };

export function parseRoute(fragment: string): Route {
  const [, view, id] = fragment.split('/');
  if (view !== 'updates') return { view: 'devices' };
  return id ? { view: 'update', id: decoded(id) } : { view: 'updates' };
}

let fragment = $state(location.hash);
addEventListener('hashchange', () => {
  fragment = location.hash;
});

export const route = {
  get current(): Route {
    return parseRoute(fragment);
  },
};

export function goTo(target: string): void {
  location.hash = target;
}
