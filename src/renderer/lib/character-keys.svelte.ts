const storageKey = 'pushrod.characterKeys';
let isOn = $state(localStorage.getItem(storageKey) !== 'off');

/** Whether single letters do something; people who dictate switch them off. */
export const characterKeys = {
  get isOn(): boolean {
    return isOn;
  },
  set isOn(wanted: boolean) {
    isOn = wanted;
    if (wanted) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, 'off');
  },
};
