import Papa from 'papaparse';
import { csvStartOf } from '../../../../shared/csv-start.ts';
import { FormFault } from '../form-fault.ts';
import { countLines } from '../text.ts';

/** One record, and the line it starts on. */
export interface CsvRow {
  line: number;
  cells: string[];
  /** The file ends here without a line break: it may have been cut off. */
  isUnfinished?: boolean;
}

/** No device is longer than this many characters: what goes on for so long is a quote that is not closed. */
const maxRecord = 1024 * 1024;

/**
 * The records of CSV text with `\n` line ends (RFC 4180). Comma, semicolon or tab, whichever is most frequent in the first
 * line or named by it as Excel does (`sep=;`).
 * @throws FormFault at a quote that is not closed
 */
export async function* readCsvRows(text: AsyncIterable<string>): AsyncGenerator<CsvRow[]> {
  let parser: Papa.Parser | undefined;
  let rest = '';
  let line = 1;

  /** Papa Parse keeps an unfinished last record for the next call, by telling where the finished ones end. */
  const take = (isLast: boolean): { rows: CsvRow[]; fault?: FormFault } => {
    if (!parser) {
      const { delimiter, length } = csvStartOf(rest);
      line += countLines(rest, length);
      rest = rest.slice(length);
      parser = new Papa.Parser({ delimiter, newline: '\n' });
    }
    const { data, errors, meta } = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>;
    const broken = errors.find(({ row }) => isLast || (row ?? 0) < data.length);
    const taken = broken ? data.slice(0, broken.row) : data;
    const rows: CsvRow[] = [];
    const end = meta.cursor;
    const hasBreaksInside = !broken && countLines(rest, end) !== taken.length;
    const startLine = line;
    for (const cells of taken) {
      rows.push({ line, cells });
      line += 1;
      if (hasBreaksInside || broken) for (const cell of cells) line += countLines(cell);
    }
    if (broken) return { rows, fault: quoteFault(startLine + countLines(rest, broken.index)) };
    const last = rows.at(-1);
    if (isLast && last && !rest.endsWith('\n')) last.isUnfinished = true;
    rest = rest.slice(end);
    return { rows };
  };

  for await (const piece of text) {
    rest += piece;
    if (!parser && rest.length <= maxRecord && !hasHeading(rest)) continue;
    const { rows, fault } = take(false);
    if (rows.length > 0) yield rows;
    if (fault) throw fault;
    if (rest.length > maxRecord) throw tooLong(line);
  }
  const { rows, fault } = take(true);
  yield rows;
  if (fault) throw fault;
}

function quoteFault(line: number): FormFault {
  return new FormFault({
    line,
    message: 'a cell opens with a quote that is not closed; close it, and double each quote inside: "say ""hi"""',
  });
}

function tooLong(line: number): FormFault {
  return new FormFault({
    line,
    message: 'a line goes on for over 1 MiB; close the quote that is open here, or save the list as "CSV UTF-8" again',
  });
}

/** Whether the line with the headings is there as a whole. */
function hasHeading(text: string): boolean {
  return /[^\n]\n/.test(text.replace(/^\n*("?)sep=.\1\n/i, ''));
}
