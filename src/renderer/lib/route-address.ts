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
  const [, view, id] = pathOf(fragment).split('/');
  if (view === 'updates' && id) return { view: 'update', id: decoded(id) };
  if (view === 'schedules' && id) return { view: 'schedule', name: decoded(id) };
  return { view: sections.find((path) => path === view) ?? 'devices' };
}

/** Which place of the navigation a route belongs to. */
export function sectionOf({ view }: Route): Section {
  if (view === 'update') return 'updates';
  return view === 'schedule' ? 'schedules' : view;
}

const pathOf = (fragment: string) => fragment.split('?', 1)[0] ?? '';

/** What stands behind the `?` of a fragment: what a view shows of its place, such as a search. */
export function queryOf(fragment: string): Map<string, string> {
  const parts = fragment.slice(pathOf(fragment).length + 1).split('&');
  return new Map(
    parts.flatMap((part) => {
      const [name = '', ...value] = part.split('=');
      return name === '' ? [] : [[name, decoded(value.join('='))] as const];
    }),
  );
}

/** The fragment with one thing of its query said anew; `undefined` or an empty text leaves it out. */
export function withQuery(fragment: string, name: string, value: string | undefined): string {
  const query = queryOf(fragment);
  if (value) query.set(name, value);
  else query.delete(name);
  const parts = [...query].map(([one, text]) => `${one}=${encodeURIComponent(text)}`);
  return `${pathOf(fragment) || '#/devices'}${parts.length > 0 ? '?' : ''}${parts.join('&')}`;
}
