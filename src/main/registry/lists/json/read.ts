import { findNodeAtLocation, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ErrorDetail } from '../../../../shared/errors.ts';
import type { PutRow } from '../../registry.ts';
import { checkDevice } from '../check.ts';
import type { DeviceField, DeviceValues } from '../device-values.ts';
import { FormFault } from '../form-fault.ts';
import { countLines } from '../text.ts';
import { isPlainJson } from '../vouch.ts';
import { createJsonCursor, type JsonCursor } from './cursor.ts';
import { lossesOf } from './loss.ts';

const fields = ['id', 'name', 'address', 'status', 'lastSeen', 'firmwareVersion', 'location', 'model'] as const;
const known: readonly DeviceField[] = [...fields, 'metadata', 'profile'];
const snake = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** `null` stands for what lists hold but no one can give a device. */
const fieldOfKey = new Map<string, DeviceField | null>([
  ...known.flatMap((field): [string, DeviceField][] => [
    [field, field],
    [snake(field), field],
  ]),
  ...['createdAt', 'created_at', 'updatedAt', 'updated_at'].map((key): [string, null] => [key, null]),
]);

/** The beginning of what `devices list` and the export print, whatever plain members stand before the devices. */
const wrapper = /\s*\{\s*(?:"(?!devices")[^"\\]*"\s*:\s*(?:"[^"\\]*"|[\w.+-]+)\s*,\s*)*"devices"\s*:\s*(?=\[)/y;

/** Reads a JSON list: an array of devices, `{"devices":[…]}`, or a device a line. @throws FormFault for what ends the reading */
export async function* readJson(text: AsyncGenerator<string>): AsyncGenerator<PutRow> {
  const cursor = createJsonCursor(text);
  const first = await cursor.peek();
  if (first === '') throw new FormFault({ line: 1, message: 'the file is empty; it must hold a JSON list of devices' });
  if (first === '[') yield* readArray(cursor);
  else if (await cursor.skipMatch(wrapper)) yield* readWrapped(cursor);
  else if (first === '{') yield* readSequence(cursor);
  else throw new FormFault({ line: cursor.line, message: 'is not JSON; a list starts with "[" or "{"' });
  if ((await cursor.peek()) !== '') throw broken(cursor, 'there is something after the end of the list');
}

async function* readArray(cursor: JsonCursor): AsyncGenerator<PutRow> {
  await cursor.skip('[');
  if (await cursor.skip(']')) return;
  do yield toRow(await cursor.value());
  while (await cursor.skip(','));
  if (!(await cursor.skip(']'))) throw broken(cursor, 'a comma between devices or the closing "]" is missing');
}

async function* readWrapped(cursor: JsonCursor): AsyncGenerator<PutRow> {
  yield* readArray(cursor);
  while (await cursor.skip(',')) {
    parseOrThrow(await cursor.value());
    if (!(await cursor.skip(':'))) throw broken(cursor, 'a ":" is missing');
    parseOrThrow(await cursor.value());
  }
  if (!(await cursor.skip('}'))) throw broken(cursor, 'the closing "}" is missing');
}

async function* readSequence(cursor: JsonCursor): AsyncGenerator<PutRow> {
  while ((await cursor.peek()) !== '') yield toRow(await cursor.value());
}

function broken({ line }: JsonCursor, what: string): FormFault {
  return new FormFault({ line, message: `is not JSON: ${what}` });
}

interface Value {
  line: number;
  text: string;
}

function parseOrThrow({ line, text }: Value): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
    const { offset, error } = errors[0] ?? { offset: 0, error: 1 };
    const what = printParseErrorCode(error).replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    throw new FormFault({ line: line + countLines(text, offset), message: `is not JSON: ${what.toLowerCase()}` });
  }
}

function toRow(source: Value): PutRow {
  const parsed = parseOrThrow(source);
  const { line, text } = source;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { line, faults: [{ line, message: 'is not a device; write an object such as {"name":"…","address":"…"}' }] };
  }
  const values: DeviceValues = {};
  const keys: { [Field in DeviceField]?: string } = {};
  const faults: ErrorDetail[] = [];
  for (const key of Object.keys(parsed)) {
    const field = fieldOfKey.get(key);
    if (field === null) continue;
    if (field === undefined) {
      const message = `is not a field; known are ${known.join(', ')}`;
      faults.push({ line: lineOfKey(source, key), field: key, message });
    } else if (keys[field] !== undefined) {
      faults.push({
        line: lineOfKey(source, key),
        field: key,
        message: `is given twice: "${keys[field]}" means the same`,
      });
    } else {
      keys[field] = key;
      values[field] = (parsed as Record<string, unknown>)[key];
    }
  }
  for (const { offset, path, message } of lossesOf(text)) {
    const [key, ...inside] = path;
    if (fieldOfKey.get(String(key)) !== 'metadata') continue;
    faults.push({ line: line + countLines(text, offset), field: [key, ...inside].join('.'), message });
  }
  return checkDevice(values, {
    line,
    nameOf: (field) => keys[field] ?? field,
    lineOf: (field) => lineOfKey(source, keys[field]),
    metadataIsPlain: isPlainJson(text),
    faults,
  });
}

/** The line of a member of a device, found only when there is something to say about it. */
function lineOfKey({ line, text }: Value, key: string | undefined): number {
  const tree = key !== undefined && text.includes('\n') ? parseTree(text) : undefined;
  const node = tree && findNodeAtLocation(tree, [key as string]);
  return line + countLines(text, node?.parent?.offset ?? 0);
}
