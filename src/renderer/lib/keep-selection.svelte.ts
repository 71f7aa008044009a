import { type KeptSelection, selection } from './selection.svelte.ts';

const place = 'pushrod.selection';
/** Of more ids not even the tab keeps note: they would be written anew with each click. */
const mostIds = 1_000;

/** Brings back what was chosen before the tab was reloaded, and keeps it from now on. Called while a component is set up. */
export function keepSelection(): void {
  const text = sessionStorage.getItem(place);
  if (text !== null && selection.count === 0) selection.take(JSON.parse(text) as KeptSelection);
  $effect(() => {
    const { kept } = selection;
    const isWorthIt = selection.count > 0 && kept.ids.length <= mostIds;
    if (isWorthIt) sessionStorage.setItem(place, JSON.stringify(kept));
    else sessionStorage.removeItem(place);
  });
}
