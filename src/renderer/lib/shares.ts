import type { Share } from '../../shared/model/index.ts';

/** A number of devices, or a percentage of them, as people type it: `4`, `25%`, `25 %`; else `undefined`. */
export function shareOf(text: string): Share | undefined {
  const [, number, percent] = /^(\d+(?:\.\d+)?) ?(%?)$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  if (percent === '%') return Number(number) <= 100 ? { percent: Number(number) } : undefined;
  return Number.isSafeInteger(Number(number)) ? { devices: Number(number) } : undefined;
}

/** Several, with commas between them: `1, 10 %, 100 %`. Gives the text that could not be read where there is one. */
export function sharesOf(text: string): Share[] | { unread: string } {
  const parts = text.split(/[,;]/).map((part) => part.trim());
  const shares = parts.map(shareOf);
  const bad = shares.indexOf(undefined);
  return bad === -1 ? (shares as Share[]) : { unread: parts[bad] ?? '' };
}
