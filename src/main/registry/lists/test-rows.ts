import type { CsvLayout } from '../../../shared/list-columns.ts';
import type { ListFormat } from '../../../shared/model/index.ts';
import type { PutRow } from '../registry.ts';
import { type ListSource, readList } from './index.ts';

/** For tests: all rows of a list. */
export async function rowsOf(
  source: ListSource | Uint8Array,
  format: ListFormat,
  layout?: CsvLayout,
): Promise<PutRow[]> {
  const rows: PutRow[] = [];
  const asSource = source instanceof Uint8Array ? inPieces(source, source.length || 1) : source;
  for await (const batch of readList(asSource, format, layout)) rows.push(...batch);
  return rows;
}

/** For tests: the devices of a list without a fault, with lines. */
export async function devicesOf(source: ListSource | Uint8Array, format: ListFormat, layout?: CsvLayout) {
  return (await rowsOf(source, format, layout)).map((row) => {
    if ('faults' in row) throw new Error(`a fault in a good list: ${JSON.stringify(row)}`);
    return { line: row.line, ...row.device };
  });
}

/** For tests: all faults of a list. */
export async function faultsOf(source: ListSource | Uint8Array, format: ListFormat, layout?: CsvLayout) {
  return (await rowsOf(source, format, layout)).flatMap((row) => ('faults' in row ? row.faults : []));
}

/** For tests: bytes or text that come a few at a time. */
export async function* inPieces<Whole extends string | Uint8Array>(whole: Whole, size: number): AsyncGenerator<Whole> {
  for (let at = 0; at < whole.length; at += size) yield whole.slice(at, at + size) as Whole;
}
