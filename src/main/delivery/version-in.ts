import { deviceText } from './device-text.ts';

const longestVersion = 200;

/**
 * The version in what a device said: the pattern's first group, else its whole match; without a pattern what `plainly`
 * makes of it. `undefined` where there is none.
 */
export function versionIn(
  said: string,
  pattern: string | undefined,
  plainly: (said: string) => string,
): string | undefined {
  const match = pattern === undefined ? undefined : new RegExp(pattern, 'm').exec(said);
  const found = pattern === undefined ? plainly(said.trim()) : (match?.[1] ?? match?.[0] ?? '');
  return deviceText(found).slice(0, longestVersion) || undefined;
}
