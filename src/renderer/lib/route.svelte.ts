import { decoded } from './fragment.ts';

/** The places of the page, in the order of its navigation. */
export const sections = [
  'devices',
  'updates',
  'schedules',
  'firmware',
  'profiles',
  'slots',
  'audit',
  'settings',
] as const;
export type Section = (typeof sections)[number];

type Place = { [Path in Section]: { view: Path } }[Section];

/** Where the page is, from the fragment of its URL. */
export type Route = Place | { view: 'update'; id: string } | { view: 'schedule'; name: string };

export function parseRoute(fragment: string): Route {
  const [, view, id] = fragment.split('/');
  if (view === 'updates' && id) return { view: 'update', id: decoded(id) };
  if (view === 'schedules' && id) return { view: 'schedule', name: decoded(id) };
  return { view: sections.find((path) => path === view) ?? 'devices' };
}

/** Which place of the navigation a route belongs to. */
export function sectionOf({ view }: Route): Section {
  if (view === 'update') return 'updates';
  return view === 'schedule' ? 'schedules' : view;
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
