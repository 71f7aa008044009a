import type { Route } from './route.svelte.ts';

const storageKey = 'pushrod.tour';
/** Of this tab: where a reload interrupted it. */
const stepKey = 'pushrod.tour.step';

/** What each step speaks of, and where that is: the card stands beside it while it is in sight. */
export const tourSteps = [
  { name: 'list', view: 'devices', at: '[role=grid], main table' },
  { name: 'choose', view: 'devices', at: '[role=grid] input[type=checkbox], main table input[type=checkbox]' },
  { name: 'push', view: undefined, at: 'header button.primary' },
  { name: 'progress', view: 'update', at: 'main section' },
  { name: 'after', view: 'update', at: 'nav a[href^="#/updates"]' },
] as const satisfies readonly { name: string; view: Route['view'] | undefined; at: string }[];

export type TourStep = (typeof tourSteps)[number];

const isTaken = () => localStorage.getItem(storageKey) !== null;

const keptStep = tourSteps.findIndex(({ name }) => name === sessionStorage.getItem(stepKey));
let at = $state(keptStep === -1 ? undefined : keptStep);

function stand(step: number | undefined): void {
  at = step;
  const name = step === undefined ? undefined : tourSteps[step]?.name;
  if (name) sessionStorage.setItem(stepKey, name);
  else sessionStorage.removeItem(stepKey);
}

/** A walk past the things one needs first, once. It can be left at any time, and taken again by the palette. */
export const tour = {
  /** The step under way. */
  get step(): TourStep | undefined {
    return at === undefined ? undefined : tourSteps[at];
  },
  get number(): number {
    return (at ?? 0) + 1;
  },
  /** Unless it was taken, or left, before. */
  begin(): void {
    if (!isTaken()) stand(0);
  },
  again(): void {
    stand(0);
  },
  go(step: 1 | -1): void {
    const next = (at ?? 0) + step;
    if (next >= tourSteps.length) tour.end();
    else stand(Math.max(0, next));
  },
  /** The push that was tried is under way. */
  arrive(name: TourStep['name']): void {
    if (at !== undefined) stand(tourSteps.findIndex((step) => step.name === name));
  },
  end(): void {
    stand(undefined);
    localStorage.setItem(storageKey, 'taken');
  },
};
