import { decoded } from './fragment.ts';

/** Where the page is, from the fragment of its URL. */
export type Route =
  | { view: 'devices' }
  | { view: 'updates' }
  | { view: 'schedules' }
  | { view: 'update'; id: string }
  | { view: 'schedule'; name: string };

export function parseRoute(fragment: string): Route {
  const [, view, id] = fragment.split('/');
  switch (view) {
    case 'updates':
      return id ? { view: 'update', id: decoded(id) } : { view: 'updates' };
    case 'schedules':
      return id ? { view: 'schedule', name: decoded(id) } : { view: 'schedules' };
    default:
      return { view: 'devices' };
  }
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
