const storageKey = 'pushrod.devices.facets';
/** Where there is room for it, it is open until someone closes it. */
const roomyPx = 1_280;

const stored = localStorage.getItem(storageKey);
let isOpen = $state(stored === null ? innerWidth >= roomyPx : stored === 'open');

/** Whether the facets stand beside the devices; remembered on this laptop. */
export const facetPanel = {
  get isOpen(): boolean {
    return isOpen;
  },
  toggle(): void {
    isOpen = !isOpen;
    localStorage.setItem(storageKey, isOpen ? 'open' : 'closed');
  },
};
