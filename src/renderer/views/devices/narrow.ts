import { MediaQuery } from 'svelte/reactivity';

/** On a phone a device is a card of two lines, without columns. */
export const isNarrow = new MediaQuery('max-width: 40rem');
