import type { ListFormat } from '../../shared/model/index.ts';
import { csvHead, type HeadRow } from './list-head.ts';
import { guessLayout, type ListLayout, looksLikeAddress } from './list-layout.ts';

/** A list as it goes to the import. */
export interface PastedList {
  content: string;
  format: ListFormat;
  /** Where it has columns: its lines, and what they are taken for. */
  rows?: HeadRow[];
  layout?: ListLayout;
}

/** So many lines are shown while one types. */
export const mostShown = 200;

/** What was pasted: JSON, cells of a spreadsheet, or a device a line, written with spaces. Lines keep their numbers. */
export function readPasted(text: string): PastedList {
  if (/^\s*[[{]/.test(text)) return { content: text, format: 'json' };
  const firstLine = /^\s*\S.*$/m.exec(text)?.[0] ?? '';
  if (/[,;\t]/.test(firstLine)) {
    const rows = csvHead(text, mostShown);
    return { content: text, format: 'csv', rows, layout: guessLayout(rows) };
  }
  const lines = text.split(/\r\n?|\n/).map(nameAndAddress);
  const content = lines.map((cells) => cells.map(quoted).join(',')).join('\n');
  const rows = lines.flatMap((cells, index) => (cells.length > 0 ? [{ line: index + 1, cells }] : []));
  return {
    ...{ content: `${content}\n`, format: 'csv', rows: rows.slice(0, mostShown) },
    layout: { columns: ['name', 'address'], hasHeadings: false },
  };
}

/** `gateway 1 192.0.2.10`, `192.0.2.10 gateway 1`, or an address alone, which then is the name as well. */
function nameAndAddress(line: string): string[] {
  const words = line
    .replace(/^\s*#.*/, '')
    .split(/\s+/)
    .filter(Boolean);
  const [first, ...others] = words;
  if (first === undefined) return [];
  const last = words.at(-1) ?? first;
  if (words.length === 1) return [first, first];
  if (looksLikeAddress(first) && !looksLikeAddress(last)) return [others.join(' '), first];
  return [words.slice(0, -1).join(' '), last];
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
