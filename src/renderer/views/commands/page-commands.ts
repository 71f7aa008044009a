import type { Command } from '../../lib/commands.svelte.ts';
import { goTo, type Section, sections } from '../../lib/route.svelte.ts';
import { theme, themes } from '../../lib/theme.svelte.ts';
import { language, languages, t } from '../../messages/index.ts';

/** Pressed after G. */
const sectionKeys: Record<Section, string> = {
  ...{ devices: 'd', updates: 'u', schedules: 's', firmware: 'f' },
  ...{ profiles: 'p', slots: 'l', audit: 'a', settings: ',' },
};

/** What can be done in every view. */
export function pageCommands(doing: { push(): void; showPalette(): void; showKeys(): void }): Command[] {
  const words = t().commands;
  const { go, act, page } = words.groups;
  return [
    { id: 'push', title: t().shell.push, group: act, keys: 'p', run: doing.push },
    ...sections.map((section) => ({
      ...{ id: `go.${section}`, title: t().shell.sections[section], group: go, keys: `g ${sectionKeys[section]}` },
      run: () => goTo(`#/${section}`),
    })),
    { id: 'palette', title: words.showPalette, group: page, keys: '$mod+k', run: doing.showPalette },
    { id: 'keys', title: words.showKeys, group: page, keys: '[Shift]+?', run: doing.showKeys },
    { id: 'find', title: words.findInView, group: page, keys: '[Shift]+/', run: focusSearch },
    ...themes.map((one) => ({
      ...{ id: `theme.${one}`, title: words.theme[one], group: page },
      run: () => theme.choose(one),
    })),
    ...Object.entries(languages).map(([tag, name]) => ({
      ...{ id: `language.${tag}`, title: words.language(name), group: page },
      run: () => void language.choose(tag as keyof typeof languages),
    })),
  ];
}

function focusSearch(): void {
  document.querySelector<HTMLElement>('main :is(input[type=search], [role=combobox])')?.focus();
}
