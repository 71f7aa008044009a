const storageKey = 'pushrod.theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

let chosen = $state(localStorage.getItem(storageKey));
let dark = $state(systemIsDark.matches);
systemIsDark.addEventListener('change', () => {
  dark = systemIsDark.matches;
});

/** Light or dark: as the system has it, until a person chooses. */
export const theme = {
  get isDark(): boolean {
    return chosen === null ? dark : chosen === 'dark';
  },
  toggle(): void {
    chosen = theme.isDark ? 'light' : 'dark';
    localStorage.setItem(storageKey, chosen);
  },
};
