export const settings = {
  appearance: {
    title: 'Appearance',
    theme: 'Theme',
    system: 'as the system has it',
    light: 'light',
    dark: 'dark',
    contrast: 'high contrast',
    aboutContrast: 'White and yellow on black, with an edge around everything.',
    language: 'Language',
  },
};
