/** Quotes a word for a POSIX shell (XCU 2.2.2), whatever is in it. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
