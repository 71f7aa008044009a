/**
 * What makes a spreadsheet take a cell for a formula and run it (OWASP, "CSV Injection"): these at its start, or their full
 * width forms. The apostrophe is here so that a text which starts with one comes back as it was.
 */
const risky = /^[=+\-@\t\r\n＝＋－＠']/;

/** A text as a cell of the export: an apostrophe before what a spreadsheet could run, quoted if need be (RFC 4180). */
export function toCell(text: string): string {
  const safe = risky.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const apostrophe = 0x27;
const equals = 0x3d;

/** The text a cell stands for: without {@link toCell}'s apostrophe, and without the `="…"` that keeps zeros in Excel. */
export function fromCell(cell: string): string {
  const text = cell.trim();
  const first = text.charCodeAt(0);
  if (first === apostrophe) return risky.test(text.slice(1)) ? text.slice(1) : text;
  if (first === equals) return /^="(.*)"$/s.exec(text)?.[1]?.replaceAll('""', '"').trim() ?? text;
  return text;
}
