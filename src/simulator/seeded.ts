import { createHash } from 'node:crypto';

/** 32 bytes that follow from the words alone: the same seed gives the same bench, on any machine. */
export function seededBytes(...words: (string | number)[]): Buffer {
  return createHash('sha256').update(words.join('\0')).digest();
}

/** One of `choices`, chosen by the words. */
export function seededChoice<T>(choices: readonly [T, ...T[]], ...words: (string | number)[]): T {
  return choices[seededBytes(...words).readUInt32BE(0) % choices.length] ?? choices[0];
}
