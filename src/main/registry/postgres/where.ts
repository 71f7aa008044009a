import type { DeviceFilter } from '../../../shared/model/index.ts';
import { textKey } from '../../../shared/model/text-key.ts';
import { versionKey } from '../../../shared/model/version.ts';
import { searchWords } from '../row.ts';

/** The parameters of one statement. */
export interface Parameters {
  values: unknown[];
  /** Adds a value and returns what stands for it in the SQL. */
  bind(value: string | number | readonly string[], type: 'text' | 'text[]' | 'int' | 'bigint' | 'jsonb'): string;
}

export function createParameters(): Parameters {
  const values: unknown[] = [];
  return {
    values,
    bind(value, type) {
      values.push(value);
      return `$${values.length}::${type}`;
    },
  };
}

/** A WHERE clause over `pushrod.devices`. */
export function whereFilter(filter: DeviceFilter, { bind }: Parameters): string {
  const terms: string[] = [];
  if (filter.ids) terms.push(`id = ANY(${bind(filter.ids, 'text[]')})`);
  if (filter.status) terms.push(`status = ANY(${bind(filter.status, 'text[]')})`);
  for (const column of ['location', 'model', 'profile'] as const) {
    const values = filter[column];
    if (values) terms.push(whereText(column, values, bind));
  }
  if (filter.firmwareVersion !== undefined) {
    const version = holdable(filter.firmwareVersion);
    terms.push(`version_key = ${bind(versionKey(version), 'text')} AND firmware_version = ${bind(version, 'text')}`);
  }
  const [least, greatest] = [filter.firmwareMin, filter.firmwareMax].map((version = '') => versionKey(version));
  // The empty key of a device without a version is below every other.
  if (least) terms.push(`version_key >= ${bind(least, 'text')}`);
  if (greatest) terms.push(`version_key > '' AND version_key <= ${bind(greatest, 'text')}`);
  if (filter.seenAfter) terms.push(`last_seen >= ${bind(filter.seenAfter, 'text')}`);
  if (filter.seenBefore) terms.push(`last_seen > '' AND last_seen < ${bind(filter.seenBefore, 'text')}`);
  const tags = Object.entries(filter.tags ?? {}).map((tag) => tag.map(holdable));
  if (tags.length > 0) terms.push(`tags @> ${bind(JSON.stringify(Object.fromEntries(tags)), 'jsonb')}`);
  for (const word of searchWords(filter.search ?? '')) {
    terms.push(`search_text LIKE ${bind(`%${word.replace(/[\\%_]/g, '\\$&')}%`, 'text')}`);
  }
  return terms.length === 0 ? 'TRUE' : terms.join(' AND ');
}

/** No PostgreSQL text can hold NUL, so no device has it; nor has any the character that is asked for instead. */
export function holdable(text: string): string {
  return text.replaceAll('\0', '\u0001');
}

/** One of several texts, or none at all; a key narrows by its index, the text itself decides. */
function whereText(
  column: 'location' | 'model' | 'profile',
  values: readonly (string | null)[],
  bind: Parameters['bind'],
): string {
  const texts = values.flatMap((value) => (value ? [holdable(value)] : []));
  const terms = [`${column} = ANY(${bind(texts, 'text[]')})`];
  if (column !== 'profile') terms.push(`${column}_key = ANY(${bind(texts.map(textKey), 'text[]')})`);
  const isOne = terms.join(' AND ');
  if (texts.length === values.length) return isOne;
  return `(${isOne} OR ${column} IS NULL${column === 'profile' ? '' : ` AND ${column}_key = ''`})`;
}
