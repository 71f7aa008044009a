import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ariaKeysOf, capsOf, isCharacterKey } from './keys.ts';

describe.each([
  ['Linux x86_64', 'Ctrl', 'Control'],
  ['MacIntel', '⌘', 'Meta'],
])('on %s', (platform, mod, ariaMod) => {
  beforeEach(() => vi.stubGlobal('navigator', { platform }));
  afterEach(() => vi.unstubAllGlobals());

  it('names the caps of keys, one press after the other', () => {
    expect(capsOf('$mod+k')).toEqual([[mod, 'K']]);
    expect(capsOf('g d')).toEqual([['G'], ['D']]);
    expect(capsOf('[Shift]+?')).toEqual([['?']]);
  });

  it('tells a screen reader what is pressed at once, and no sequences', () => {
    expect(ariaKeysOf('$mod+k')).toBe(`${ariaMod}+k`);
    expect(ariaKeysOf('[Shift]+?')).toBe('?');
    expect(ariaKeysOf('g d')).toBeUndefined();
  });
});

it('knows keys that are typed from those that are not', () => {
  expect(['p', 'g d', '?', '/'].every(isCharacterKey)).toBe(true);
  expect(['$mod+k', 'Alt+1'].some(isCharacterKey)).toBe(false);
});
