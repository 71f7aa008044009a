import { z } from 'zod';

/** A regular expression (ECMAScript) whose `^` and `$` are the ends of a line. */
export const pattern = z
  .string()
  .min(1, 'pattern is empty; leave the field out instead')
  .max(1_000)
  .refine(isRegExp, 'is not a regular expression (ECMAScript)');

function isRegExp(source: string): boolean {
  try {
    new RegExp(source, 'm');
    return true;
  } catch {
    return false;
  }
}
