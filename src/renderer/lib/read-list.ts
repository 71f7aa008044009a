import type { Failure } from './failure.ts';

/** Of one message to Pushrod, which takes 16 MiB; the rest is for what is around the list. */
const maxEncodedBytes = 16 * 1024 * 1024 - 64 * 1024;

/** The text of a list a person chose, or why it cannot be taken. */
export async function readList(file: File): Promise<{ content: string } | { failure: Failure }> {
  if (file.size > maxEncodedBytes) return refuse(`"${file.name}" is too large to import.`, smaller);
  let content: string;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    content = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (thrown) {
    return thrown instanceof TypeError
      ? refuse(`"${file.name}" is not text in UTF-8.`, 'Save the list as "CSV UTF-8", then choose that file.')
      : refuse(`"${file.name}" could not be read.`, 'Look whether the file is still there and may be read.');
  }
  // As JSON a list grows: each quote and line break takes two bytes.
  if (new Blob([JSON.stringify(content)]).size > maxEncodedBytes) {
    return refuse(`"${file.name}" is too large to import.`, smaller);
  }
  return { content };
}

/** By the byte-order mark, as in docs/lists.md; without one it must be UTF-8. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

const smaller = 'Split it into lists of less than 8 MiB, and import them one after the other.';

function refuse(message: string, hint: string): { failure: Failure } {
  return { failure: { code: 'INVALID_INPUT', message, hint, details: [] } };
}
