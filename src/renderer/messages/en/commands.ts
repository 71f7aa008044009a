/** The command palette and the list of keys. */
export const commands = {
  palette: 'Commands',
  search: 'Search commands, devices and updates',
  placeholder: 'What do you want to do?',
  nothing: (search: string) => `Nothing here is called “${search}”.`,
  hint: 'Up and down to choose, Enter to do it, Esc to close.',
  groups: {
    go: 'Go to',
    act: 'Do',
    page: 'This page',
    devices: 'Devices',
    updates: 'Updates',
  },
  showPalette: 'Show all commands',
  showKeys: 'Show the keys',
  findInView: 'Search in this view',
  theme: { light: 'Use the light theme', dark: 'Use the dark theme', contrast: 'Use high contrast' },
  language: (name: string) => `Language: ${name}`,
  keys: {
    title: 'Keys',
    off: 'Keys without Ctrl are switched off in the settings.',
  },
  characterKeys: {
    title: 'Keyboard',
    label: 'Single letters do something',
    help: 'Such as P to push. Switch this off when you dictate. All keys: press ?, or look below.',
    show: 'Show the keys…',
  },
};
