const quote = 0x22;
const [openBracket, closeBracket] = [0x5b, 0x5d];
const [openBrace, closeBrace] = [0x7b, 0x7d];

/** No device is nested this deep, and what parses values may not get as deep as their text can. */
const maxNesting = 100;

/** Says where a value gets nested too deep to be read. */
export class TooDeep extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`is nested deeper than ${maxNesting} here`);
    this.offset = offset;
  }
}

/**
 * Where the JSON value ends that starts at `from`; -1 when the text ends first. Only quotes and brackets are looked at:
 * whether it is JSON is for `JSON.parse` to say. @throws TooDeep
 */
export function valueEnd(text: string, from: number): number {
  const first = text.charAt(from);
  if (first === '"') return stringEnd(text, from);
  if (first !== '{' && first !== '[') return wordEnd(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(text, at) - 1;
      if (at < 0) return -1;
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (depth > maxNesting) throw new TooDeep(at);
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function stringEnd(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charAt(end - 1 - escapes) === '\\') escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return -1;
}

function wordEnd(text: string, from: number): number {
  const end = text.slice(from).search(/[\s,:[\]{}"]/);
  return end === -1 ? -1 : from + end;
}
