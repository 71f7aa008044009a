import { SvelteSet } from 'svelte/reactivity';

/** The devices that are ticked, kept while the person looks at other views. */
export const selectedIds = new SvelteSet<string>();
