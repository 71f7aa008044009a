import { tinykeys } from 'tinykeys';
import { characterKeys } from './character-keys.svelte.ts';
import { commands } from './commands.svelte.ts';
import { isCharacterKey } from './keys.ts';

const textFields = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])';

/** Typing is no command; a dialog is answered first. */
function ignores(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return true;
  const isTyped = !event.ctrlKey && !event.metaKey && !event.altKey;
  return isTyped && event.target instanceof Element && event.target.matches(textFields);
}

/** Within an effect: keys do what the commands say that are offered now. */
export function listenForShortcuts(): () => void {
  const bound = commands.all.filter(({ keys }) => keys && (characterKeys.isOn || !isCharacterKey(keys)));
  const handlers = bound.map(({ keys = '', run }) => [
    keys,
    (event: KeyboardEvent) => {
      event.preventDefault();
      run();
    },
  ]);
  return tinykeys(window, Object.fromEntries(handlers), { ignore: ignores });
}
