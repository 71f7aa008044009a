import Papa from 'papaparse';
import { csvStartOf } from '../../shared/csv-start.ts';
import { formatOf } from '../../shared/list-format.ts';

/** A line of a list, as it is shown before anything is imported. */
export interface HeadRow {
  /** As a text editor counts them; a record may go over several. */
  line: number;
  cells: string[];
}

/** Enough to guess what a list is. */
const startCharacters = 4 * 1024;
const headCharacters = 64 * 1024;

/** The first records of a CSV list; `undefined` for a list of another kind, which has no columns. */
export function headOf(content: string, fileName: string, most: number): HeadRow[] | undefined {
  if ((formatOf(fileName, content.slice(0, startCharacters)) ?? 'csv') !== 'csv') return undefined;
  return csvHead(content, most);
}

export function csvHead(content: string, most: number): HeadRow[] {
  const text = content
    .slice(0, headCharacters)
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
  const { delimiter, length } = csvStartOf(text);
  const { data } = Papa.parse<string[]>(text.slice(length), { delimiter, newline: '\n' });
  // What goes on beyond the head may have been cut in the middle of its last record.
  const whole = content.length > headCharacters ? data.slice(0, -1) : data;
  const rows: HeadRow[] = [];
  let line = 1 + breaksIn(text.slice(0, length));
  for (const cells of whole) {
    if (rows.length === most) break;
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells: cells.map((cell) => cell.trim()) });
    line += 1 + cells.reduce((sum, cell) => sum + breaksIn(cell), 0);
  }
  return rows;
}

const breaksIn = (text: string) => text.split('\n').length - 1;
