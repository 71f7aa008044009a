/** How a format splits a line into words. */
export interface WordRules {
  /** What a backslash makes literal outside quotes and inside `"…"`; before anything else it stands for itself. */
  escapable: { bare: RegExp; quoted: RegExp };
  /** Whether `#` starts a comment inside a word as well as before one. */
  commentInWord: boolean;
}

/**
 * Splits a line into words at white space; `"…"` and `'…'` keep what is inside together. `#` starts a comment.
 * Returns `undefined` when a quote is not closed.
 */
export function splitWords(text: string, { escapable, commentInWord }: WordRules): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\\' && quote !== "'" && next && (quote ? escapable.quoted : escapable.bare).test(next)) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote) {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '#' && (commentInWord || word === undefined)) {
      break;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
