import type { Messages } from '../catalogue.ts';

export const settings: Messages['settings'] = {
  appearance: {
    title: 'Aussehen',
    theme: 'Farbschema',
    system: 'wie im System',
    light: 'hell',
    dark: 'dunkel',
    contrast: 'hoher Kontrast',
    aboutContrast: 'Weiß und Gelb auf Schwarz, mit einem Rand um alles.',
    language: 'Sprache',
  },
};
