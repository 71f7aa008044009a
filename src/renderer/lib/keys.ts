/** On a Mac, `$mod` is the command key. */
const isMac = () => navigator.platform.startsWith('Mac');

/** The caps to press, one press after the other: `g d` is `[['G'], ['D']]`, `$mod+k` is `[['Ctrl', 'K']]`. */
export function capsOf(keys: string): string[][] {
  return keys.split(' ').map((press) => capsToName(press).map(capOf));
}

/** `[Shift]` may be pressed or not, as a keyboard's layout wants it for the character. */
const capsToName = (press: string) => press.split('+').filter((key) => !key.startsWith('['));

function capOf(key: string): string {
  if (key === '$mod') return isMac() ? '⌘' : 'Ctrl';
  return key.length === 1 ? key.toUpperCase() : key;
}

/** For `aria-keyshortcuts`, which knows no sequences: https://www.w3.org/TR/wai-aria-1.2/#aria-keyshortcuts */
export function ariaKeysOf(keys: string): string | undefined {
  if (keys.includes(' ')) return undefined;
  return capsToName(keys)
    .join('+')
    .replace('$mod', isMac() ? 'Meta' : 'Control');
}

/** Keys without Ctrl, Alt or Meta, which a person who dictates presses by mistake: https://www.w3.org/TR/WCAG22/#character-key-shortcuts */
export const isCharacterKey = (keys: string): boolean => !/\$mod|Control|Alt|Meta/.test(keys);
