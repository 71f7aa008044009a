/** A message is read by people and kept with the update; a device may say anything. */
const longest = 500;

/** What a device said, fit for a message: its start, without control characters. */
export function deviceText(text: string): string {
  const plain = text
    .slice(0, longest + 1)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
