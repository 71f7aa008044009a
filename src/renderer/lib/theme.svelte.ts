const storageKey = 'pushrod.theme';

/** `contrast`: few colours, as far apart as can be. */
export const themes = ['light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const systemWantsContrast = matchMedia('(prefers-contrast: more)');
const ofSystem = (): Theme => (systemWantsContrast.matches ? 'contrast' : systemIsDark.matches ? 'dark' : 'light');

let chosen = $state(themes.find((one) => one === localStorage.getItem(storageKey)));
let system = $state(ofSystem());
for (const query of [systemIsDark, systemWantsContrast]) {
  query.addEventListener('change', () => {
    system = ofSystem();
  });
}

/** As the system has it, until a person chooses. */
export const theme = {
  get current(): Theme {
    return chosen ?? system;
  },
  get chosen(): Theme | undefined {
    return chosen;
  },
  get isDark(): boolean {
    return theme.current !== 'light';
  },
  /** @param wanted what the system has, when left out */
  choose(wanted: Theme | undefined): void {
    chosen = wanted;
    if (wanted === undefined) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, wanted);
  },
  toggle(): void {
    theme.choose(theme.isDark ? 'light' : 'dark');
  },
};
