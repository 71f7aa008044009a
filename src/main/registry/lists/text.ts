import { isUtf8 } from 'node:buffer';
import { FormFault } from './form-fault.ts';

/** What a list is read from: its bytes or its text as they come, or all its text at once. */
export type ListSource = string | AsyncIterable<string | Uint8Array>;

/** Largest piece that is worked on without a pause, in bytes or UTF-16 code units: a few milliseconds of rows. */
const pieceSize = 64 * 1024;

/** Largest list of the formats that are read as a whole, in UTF-16 code units. */
const maxWhole = 32 * 1024 * 1024;

/**
 * The text of a list, without a byte-order mark and with `\n` for CRLF and CR: UTF-8, or UTF-16 with a byte-order mark.
 * @throws FormFault naming the first line that is neither
 */
export async function* readText(source: ListSource): AsyncGenerator<string> {
  let isFirst = true;
  /** A CR at the end of a piece waits for the LF that may follow it. */
  let held = '';
  for await (const decoded of decode(typeof source === 'string' ? [source] : source)) {
    let text = held + (isFirst && decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded);
    if (decoded !== '') isFirst = false;
    held = text.endsWith('\r') ? '\r' : '';
    if (held) text = text.slice(0, -1);
    if (text !== '') yield text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }
  if (held) yield '\n';
}

/** All the text of a list that cannot be read piece by piece. */
export async function wholeText(text: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const piece of text) {
    whole += piece;
    if (whole.length > maxWhole) throw new FormFault({ message: 'is over 32 MiB; split it, or make it a CSV list' });
  }
  return whole;
}

export function countLines(text: string, end = text.length): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

async function* decode(source: AsyncIterable<string | Uint8Array> | string[]): AsyncGenerator<string> {
  let bytes: ByteDecoder | undefined;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += pieceSize) {
      if (typeof chunk === 'string') {
        yield chunk.slice(from, from + pieceSize);
      } else {
        bytes ??= createByteDecoder();
        yield bytes.decode(chunk.subarray(from, from + pieceSize), false);
      }
    }
  }
  if (bytes) yield bytes.decode(new Uint8Array(), true);
}

interface ByteDecoder {
  decode(piece: Uint8Array, isLast: boolean): string;
}

function createByteDecoder(): ByteDecoder {
  let rest = Buffer.alloc(0);
  let encoding: Encoding | undefined;
  let line = 1;
  return {
    decode(piece, isLast) {
      const bytes =
        rest.length > 0 ? Buffer.concat([rest, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      rest = Buffer.alloc(0);
      if (bytes.length < 4 && !isLast) {
        rest = Buffer.from(bytes);
        return '';
      }
      encoding ??= encodingOf(bytes);
      const end = isLast ? bytes.length : encoding.wholeLength(bytes);
      if (end < bytes.length) rest = Buffer.from(bytes.subarray(end));
      const whole = bytes.subarray(0, end);
      const text = encoding.decode(whole);
      if (text === undefined) {
        const { name, decodeLoosely } = encoding;
        const before = decodeLoosely(whole).split('\uFFFD', 1)[0] ?? '';
        throw new FormFault({
          line: line + countBreaks(before),
          message: `is not ${name}; save the file as UTF-8 (in Excel: "CSV UTF-8") and import that`,
        });
      }
      line += countBreaks(text);
      return text;
    },
  };
}

interface Encoding {
  name: string;
  /** Where the last whole character ends. */
  wholeLength(bytes: Uint8Array): number;
  /** `undefined` when the bytes are not of this encoding. */
  decode(bytes: Buffer): string | undefined;
  /** With U+FFFD for what cannot be decoded. */
  decodeLoosely(bytes: Buffer): string;
}

const utf8: Encoding = {
  name: 'UTF-8',
  wholeLength(bytes) {
    for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
      const byte = bytes[bytes.length - back] ?? 0;
      if (byte < 0x80) break;
      if (byte < 0xc0) continue;
      const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      return back < length ? bytes.length - back : bytes.length;
    }
    return bytes.length;
  },
  decode: (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : undefined),
  decodeLoosely: (bytes) => bytes.toString('utf8'),
};

function utf16(label: 'utf-16le' | 'utf-16be'): Encoding {
  const strict = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  /** Where the high byte of a code unit is, counted from its end. */
  const highByte = label === 'utf-16le' ? 1 : 2;
  return {
    name: 'UTF-16',
    wholeLength(bytes) {
      const even = bytes.length - (bytes.length % 2);
      const endsInsidePair = even >= 2 && ((bytes[even - highByte] ?? 0) & 0xfc) === 0xd8;
      return endsInsidePair ? even - 2 : even;
    },
    decode(bytes) {
      try {
        return strict.decode(bytes);
      } catch {
        return undefined;
      }
    },
    decodeLoosely: (bytes) => new TextDecoder(label, { ignoreBOM: true }).decode(bytes),
  };
}

function encodingOf(bytes: Buffer): Encoding {
  const start = bytes.toString('latin1', 0, 4);
  if (start.startsWith('\xFF\xFE')) return utf16('utf-16le');
  if (start.startsWith('\xFE\xFF')) return utf16('utf-16be');
  if (start === 'PK\x03\x04' || start === '\xD0\xCF\x11\xE0') {
    throw new FormFault({ message: 'is a spreadsheet, not a list; save it as "CSV UTF-8" and import that' });
  }
  if (start.includes('\0')) {
    throw new FormFault({
      line: 1,
      message: 'is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8") and import that',
    });
  }
  return utf8;
}

/** Line breaks of text as it was written; a CRLF that is cut in two by pieces counts twice, which only an error can show. */
function countBreaks(text: string): number {
  return text.includes('\r') ? (text.match(/\r\n?|\n/g)?.length ?? 0) : countLines(text);
}
