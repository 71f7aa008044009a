import type { ErrorDetail } from '../../../../shared/errors.ts';
import { type Column, type CsvLayout, columnNames, columnOf, columns, tagOf } from '../../../../shared/list-columns.ts';
import type { PutRow } from '../../registry.ts';
import { checkDevice } from '../check.ts';
import type { DeviceField, DeviceValues } from '../device-values.ts';
import { FormFault } from '../form-fault.ts';
import { lossesOf } from '../json/loss.ts';
import { TooDeep, valueEnd } from '../json/value-end.ts';
import { isPlainJson, isPlainText } from '../vouch.ts';
import { fromCell } from './cell.ts';
import { type CsvRow, readCsvRows } from './rows.ts';

/** Where things are, as the first line says or the layout does. */
interface Header {
  /** What each column is called; `''` where it must be empty. */
  headings: string[];
  /** By column; -1 where the list has none. */
  at: Record<Column, number>;
  tags: { key: string; at: number }[];
  nameOf(field: DeviceField): string;
}

/** Reads a CSV list (docs/lists.md). @throws FormFault for what ends the reading */
export async function* readCsv(text: AsyncIterable<string>, layout: CsvLayout = {}): AsyncGenerator<PutRow[]> {
  const { hasHeadings = true } = layout;
  let header: Header | undefined;
  for await (const rows of readCsvRows(text)) {
    const taken: PutRow[] = [];
    for (const row of rows) {
      if (row.cells.every(isBlank)) continue;
      const isHeadings = !header && hasHeadings;
      header ??= readHeader(row.line, hasHeadings ? row.cells.map(fromCell) : [], layout.columns);
      if (!isHeadings) taken.push(toRow(header, row));
    }
    yield taken;
  }
  if (!header) throw new FormFault({ line: 1, message: 'the file is empty; its first line must name the columns' });
}

const isBlank = (cell: string) => cell === '' || cell.trim() === '';

/** @param named what the columns are instead, by the layout */
function readHeader(line: number, written: string[], named: readonly string[] | undefined): Header {
  const headings = named ? calledBy(written, named) : written;
  const faults: ErrorDetail[] = [];
  const at = Object.fromEntries(columnNames.map((column) => [column, -1])) as Record<Column, number>;
  const tags: Header['tags'] = [];
  for (const [index, heading] of (named ?? headings).entries()) {
    if (heading === '') continue;
    const column = columnOf(heading);
    const key = tagOf(heading);
    const same = column ? at[column] : tags.find((tag) => tag.key === key)?.at;
    if (!column && (key === undefined || key === '__proto__')) {
      faults.push({
        line,
        field: heading,
        message: `is not a column; known are ${columnNames.join(', ')} and tag:KEY`,
      });
    } else if (same !== undefined && same !== -1) {
      faults.push({ line, field: heading, message: `appears twice in the header: "${headings[same]}" means the same` });
    } else if (column) {
      at[column] = index;
    } else if (key !== undefined) {
      tags.push({ key, at: index });
    }
  }
  for (const required of ['name', 'address'] as const) {
    if (at[required] === -1) faults.push({ line, field: required, message: 'this column is required' });
  }
  if (faults.length > 0) throw new FormFault(...faults);
  const headingOf = new Map<string, string>();
  for (const column of columnNames) headingOf.set(columns[column], headings[at[column]] ?? column);
  return { headings, at, tags, nameOf: (field) => headingOf.get(field) ?? field };
}

/** Columns that a layout leaves out may hold what they like, and so may those beyond it that have a heading. */
function calledBy(written: string[], named: readonly string[]): string[] {
  const length = Math.max(written.length, named.length);
  return Array.from({ length }, (_, index) => written[index] || named[index] || (index < named.length ? '–' : ''));
}

function toRow(header: Header, { line, cells, isUnfinished }: CsvRow): PutRow {
  const { headings, at, tags, nameOf } = header;
  const faults: ErrorDetail[] = [];
  if (cells.length !== headings.length || headings.includes('')) {
    const fault = misfit(header, cells, isUnfinished);
    if (fault) faults.push({ line, message: fault });
  }
  const metadataText = textAt(cells, at.metadata);
  const metadata = metadataText === undefined ? undefined : parseJson(metadataText);
  if (metadataText !== undefined && metadata === undefined) {
    const message = 'is not JSON; write an object such as {"rack":"4"}';
    faults.push({ line, field: nameOf('metadata'), message });
  } else if (metadataText !== undefined) {
    for (const fault of faultsOfMetadata(metadataText, nameOf('metadata'))) faults.push({ line, ...fault });
  }
  const values: DeviceValues = {
    id: textAt(cells, at.id),
    // A required field that is empty still reaches the check, which says what is wrong with it.
    name: textAt(cells, at.name) ?? '',
    address: textAt(cells, at.address) ?? '',
    status: textAt(cells, at.status),
    lastSeen: textAt(cells, at.last_seen),
    firmwareVersion: textAt(cells, at.firmware_version),
    location: textAt(cells, at.location),
    model: textAt(cells, at.model),
    metadata,
    profile: textAt(cells, at.profile),
  };
  let metadataIsPlain = metadataText === undefined || isPlainJson(metadataText);
  for (const tag of tags) {
    const value = textAt(cells, tag.at);
    if (value === undefined) continue;
    values.metadata = addTag(values.metadata, tag.key, value);
    metadataIsPlain &&= isPlainText(value) && isPlainText(tag.key);
  }
  return checkDevice(values, { line, nameOf, metadataIsPlain, faults });
}

/** A cell that is empty says nothing about its field. */
function textAt(cells: string[], index: number): string | undefined {
  const cell = index < 0 ? undefined : cells[index];
  return cell === undefined || cell === '' ? undefined : fromCell(cell) || undefined;
}

/**
 * What is wrong with a row that has not as many cells as the header. Excel leaves out empty cells at the end, and adds some
 * under empty headings; but where the last line lacks cells and its line break, the file was cut off.
 */
function misfit({ headings }: Header, cells: string[], isUnfinished = false): string | undefined {
  const isTooLong = cells.some((cell, index) => (headings[index] ?? '') === '' && !isBlank(cell));
  const width = headings.findLastIndex((heading) => heading !== '') + 1;
  const isCutOff = isUnfinished && cells.length < width;
  if (!isTooLong && !isCutOff) return undefined;
  const counts = `has ${cells.length} fields where the header has ${width}`;
  return isCutOff
    ? `${counts}, and the file ends there: it is cut off, or this line wants its line break`
    : `${counts}; quote cells that hold the delimiter, and name every column in the header`;
}

function addTag(metadata: unknown, key: string, value: string): unknown {
  if (metadata === undefined) return { [key]: value };
  // What is no object is left for the check to complain about.
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return metadata;
  (metadata as Record<string, unknown>)[key] = value;
  return metadata;
}

/** What JSON metadata says that it could not keep. */
function faultsOfMetadata(text: string, field: string): { field: string; message: string }[] {
  try {
    valueEnd(text, 0);
  } catch (thrown) {
    if (!(thrown instanceof TooDeep)) throw thrown;
    return [{ field, message: thrown.message }];
  }
  return lossesOf(text).map(({ path, message }) => ({ field: [field, ...path].join('.'), message }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
