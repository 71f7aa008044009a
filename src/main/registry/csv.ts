import { CsvError, parse } from 'csv-parse/sync';
import { type ErrorDetail, PushrodError } from '../../shared/errors.ts';

const fields = {
  id: 'id',
  name: 'name',
  address: 'address',
  status: 'status',
  last_seen: 'lastSeen',
  firmware_version: 'firmwareVersion',
  location: 'location',
  model: 'model',
  profile: 'profile',
  metadata: 'metadata',
} as const;
type Column = keyof typeof fields;

/** One record of an import before it is checked: the line it starts on, and the fields it gives. */
export interface ImportRecord {
  line: number;
  values: Record<string, unknown>;
}

/**
 * Reads CSV (RFC 4180; comma or semicolon; a byte-order mark is dropped) with the columns of the export.
 * @throws PushrodError `INVALID_INPUT` with line and field of every fault of form
 */
export function readCsv(content: string): ImportRecord[] {
  const rows = parseRows(content);
  const header = rows.shift();
  if (!header) throw invalid([{ line: 1, message: 'the file is empty; its first line must name the columns' }]);
  const names = header.record.map((name) => name.trim());
  const faults = headerFaults(names);
  if (faults.length > 0) throw invalid(faults.map((fault) => ({ line: 1, ...fault })));
  const details: ErrorDetail[] = [];
  const records = rows.map(({ record, line }) => {
    if (record.length !== names.length) {
      details.push({ line, message: `has ${record.length} fields where the header has ${names.length}` });
    }
    return { line, values: toValues(names, record, (fault) => details.push({ line, ...fault })) };
  });
  if (details.length > 0) throw invalid(details);
  return records;
}

interface Row {
  record: string[];
  line: number;
}

function parseRows(content: string): Row[] {
  const firstLine = content.slice(0, content.search(/\r?\n|$/));
  try {
    let line = 1;
    const rows = parse(content, {
      bom: true,
      delimiter: firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',',
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => {
      const start = line;
      line = info.lines + 1;
      return { record, line: record.some((field) => field.includes('\n')) ? start : info.lines };
    });
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    throw invalid([{ line: Number(thrown.lines ?? 1), message: thrown.message }]);
  }
}

function headerFaults(names: string[]): ErrorDetail[] {
  const unknown = names
    .filter((name) => !(name in fields) && !/^tag:./.test(name))
    .map((name) => ({
      field: name,
      message: `is not a column; known are ${Object.keys(fields).join(', ')} and tag:KEY`,
    }));
  const twice = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({ field: name, message: 'appears twice in the header' }));
  const absent = ['name', 'address']
    .filter((name) => !names.includes(name))
    .map((name) => ({ field: name, message: 'this column is required' }));
  return [...unknown, ...twice, ...absent];
}

function toValues(names: string[], record: string[], fault: (detail: ErrorDetail) => void): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const tags: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const text = record[index]?.trim() ?? '';
    if (text === '') continue;
    if (name.startsWith('tag:')) tags[name.slice('tag:'.length)] = text;
    else values[fields[name as Column]] = name === 'metadata' ? parseJson(text, fault) : text;
  }
  // A required field that is empty still reaches the check, which says what is wrong with it.
  for (const required of ['name', 'address']) values[required] ??= '';
  if (Object.keys(tags).length > 0) values.metadata = { ...(values.metadata as object | undefined), ...tags };
  return values;
}

function parseJson(text: string, fault: (detail: ErrorDetail) => void): unknown {
  try {
    return JSON.parse(text);
  } catch {
    fault({ field: 'metadata', message: 'is not JSON; write an object such as {"rack":"4"}' });
    return undefined;
  }
}

function invalid(details: ErrorDetail[]): PushrodError {
  return new PushrodError('INVALID_INPUT', 'The list could not be read; nothing was imported.', details);
}
