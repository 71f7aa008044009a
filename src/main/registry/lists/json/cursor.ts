import { FormFault } from '../form-fault.ts';
import { countLines } from '../text.ts';
import { TooDeep, valueEnd } from './value-end.ts';

/** No device is longer than this many characters: what goes on for so long is a bracket or quote that is not closed. */
const maxValue = 1024 * 1024;
const lookAhead = 4096;

/** A place in JSON text that comes piece by piece. */
export interface JsonCursor {
  /** Line of the place, from 1. */
  readonly line: number;
  /** Moves over white space. Returns the character there, `''` at the end of the text. */
  peek(): Promise<string>;
  /** Moves on if the next character is this one. */
  skip(character: string): Promise<boolean>;
  /** Moves on over what this (sticky) pattern matches in the next 4 KiB. */
  skipMatch(pattern: RegExp): Promise<boolean>;
  /** Moves over one value. Returns its text, unchecked: all that is left if the value does not end. */
  value(): Promise<{ line: number; text: string }>;
}

export function createJsonCursor(pieces: AsyncIterator<string>): JsonCursor {
  let text = '';
  let at = 0;
  let line = 1;

  const more = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done) return false;
    text = text.slice(at) + next.value;
    at = 0;
    return true;
  };
  const moveTo = (end: number): string => {
    const passed = text.slice(at, end);
    if (passed.includes('\n')) line += countLines(passed);
    at = end;
    return passed;
  };
  const endOf = (whole: string, from: number): number => {
    try {
      return valueEnd(whole, from);
    } catch (thrown) {
      if (!(thrown instanceof TooDeep)) throw thrown;
      throw new FormFault({ line: line + countLines(whole.slice(from, thrown.offset)), message: thrown.message });
    }
  };
  const peek = async (): Promise<string> => {
    for (;;) {
      const found = nextInk(text, at);
      if (found !== at) moveTo(found);
      if (at < text.length) return text.charAt(at);
      if (!(await more())) return '';
    }
  };
  return {
    get line() {
      return line;
    },
    peek,
    async skip(character) {
      if ((await peek()) !== character) return false;
      moveTo(at + 1);
      return true;
    },
    async skipMatch(pattern) {
      while (text.length - at < lookAhead && (await more()));
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match) moveTo(at + match[0].length);
      return match !== null;
    },
    async value() {
      await peek();
      const start = line;
      for (;;) {
        const end = endOf(text, at);
        if (end !== -1) return { line: start, text: moveTo(end) };
        if (text.length - at > maxValue) {
          throw new FormFault({
            line: start,
            message: 'a quote or bracket is opened here that is not closed within 1 MiB',
          });
        }
        if (!(await more())) return { line: start, text: moveTo(text.length) };
      }
    },
  };
}

/** Where the next character is that is no white space of JSON. */
function nextInk(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x09) return at;
  }
  return text.length;
}
