/** ASCII without NUL. */
const plain = /^[\p{ASCII}--\0]*$/v;
/** Combining marks; and NUL, which no PostgreSQL text may hold. */
const dropped = /[\p{M}\0]+/gu;
/** Letters that Unicode does not decompose, written as people without that key type them; Σ has two small forms. */
const spelledOut = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ł', 'l'],
  ['ı', 'i'],
  ['ς', 'σ'],
]);
const toSpellOut = new RegExp(`[${[...spelledOut.keys()].join('')}]`, 'g');

/**
 * Text as search compares it: case, accents and compatibility forms (full width, ligatures) do not count, so that
 * `ZÜRICH` finds `Zurich`. Unicode Annex #15 defines the decomposition; a lone surrogate becomes U+FFFD. Folding twice
 * changes nothing.
 */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text
    .toWellFormed()
    .normalize('NFKD')
    .replace(dropped, '')
    .toLowerCase()
    .replace(toSpellOut, (letter) => spelledOut.get(letter) ?? letter)
    .normalize('NFC');
}

/**
 * In characters; a longer key is cut. PostgreSQL's B-tree takes 2,704 bytes, and there are characters that fold to
 * eighteen. What differs only behind the cut ranks equal; 200 characters as people write them stay whole.
 */
export const longestKey = 600;
const beginning = new RegExp(`^.{${longestKey}}`, 'su');

/**
 * A key that sorts names as people do: `sensor-9` before `sensor-10`, `Ä` next to `a`. Compared byte by byte as UTF-8
 * (SQLite's BINARY, PostgreSQL's COLLATE "C"). It is the folded text with one digit more before each number.
 */
export function textKey(text: string): string {
  const key = foldText(text).replace(/\d+/g, numberKey);
  return key.length <= longestKey ? key : (beginning.exec(key)?.[0] ?? key);
}

/**
 * Digits so that bytes compare as values, however long: their count, then they without leading zeros. `7` is `17`, `10`
 * is `210`. From nine digits on, `9` and the key of their count stand in front. No key is the beginning of another.
 */
export function numberKey(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/, '');
  const count = significant.length;
  return count < 9 ? `${count}${significant}` : `9${numberKey(String(count))}${significant}`;
}
