/**
 * Whether a text is what a pattern with `*` and `?` stands for. When what follows a `*` does not fit, only the last `*` takes
 * one character more: going back to those before it cannot help, and would take for ever.
 */
export function fitsGlob(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  /** Behind the last `*`, and where the text goes on behind what that one stands for. */
  let retry: { inPattern: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = pattern.charAt(inPattern);
    if (wanted === '*') {
      inPattern += 1;
      retry = { inPattern, at };
    } else if (wanted === '?' || wanted === text.charAt(at)) {
      inPattern += 1;
      at += 1;
    } else if (retry) {
      retry.at += 1;
      ({ inPattern, at } = retry);
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
