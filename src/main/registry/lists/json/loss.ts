import { getLocation } from 'jsonc-parser';

/** Something in valid JSON text that would not come out as it went in. */
export interface Loss {
  offset: number;
  /** The keys and indices that lead there. */
  path: (string | number)[];
  message: string;
}

/** Of one value: a few are enough to see what is wrong. */
const maxLosses = 10;

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The whole numbers that have more digits than a number of JavaScript keeps: serial numbers, mostly. */
export function lossesOf(text: string): Loss[] {
  // Most lists have no such number, which this tells soon.
  if (!/\d{16}/.test(text)) return [];
  const losses: Loss[] = [];
  for (const { 0: token, index } of text.matchAll(stringOrNumber)) {
    if (token.startsWith('"') || /[eE]/.test(token)) continue;
    const whole = token.split('.', 1)[0] ?? '';
    if (whole.length < 16 || String(Number(whole)) === whole) continue;
    const shown = token.length > 60 ? `${token.slice(0, 60)}…` : token;
    losses.push({
      offset: index,
      path: getLocation(text, index).path,
      message: `${shown} has more digits than a number can keep; write it as text in quotes`,
    });
    if (losses.length === maxLosses) break;
  }
  return losses;
}
