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
  if (filter.exceptIds && filter.exceptIds.length > 0) {
    terms.push(`id <> ALL(${bind(filter.exceptIds, 'text[]')})`);
  }
  if (filter.status) terms.push(`status = ANY(${bind(filter.status, 'text[]')})`);
  for (const column of ['location', 'model'] as const) {
    const values = filter[column];
    if (values) terms.push(whereText(column, values, bind, { column: `${column}_key`, of: textKey }));
  }
  if (filter.profile) terms.push(whereText('profile', filter.profile, bind));
  if (filter.firmwareVersion) {
    terms.push(whereText('firmware_version', filter.firmwareVersion, bind, { column: 'version_key', of: versionKey }));
  }
  const [least, greatest] = [filter.firmwareMin, filter.firmwareMax].map((version = '') => versionKey(version));
  // The empty key of a device without a version is below every other.
  if (least) terms.push(`version_key >= ${bind(least, 'text')}`);
  if (greatest) terms.push(`version_key > '' AND version_key <= ${bind(greatest, 'text')}`);
  const [above, below] = [filter.firmwareAbove, filter.firmwareBelow].map((version = '') => versionKey(version));
  if (above) terms.push(`version_key > ${bind(above, 'text')}`);
  if (below) terms.push(`version_key > '' AND version_key < ${bind(below, 'text')}`);
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
  column: 'location' | 'model' | 'profile' | 'firmware_version',
  values: readonly (string | null)[],
  bind: Parameters['bind'],
  key?: { column: string; of: (text: string) => string },
): string {
  const texts = values.flatMap((value) => (value === null ? [] : [holdable(value)]));
  const terms = [`${column} = ANY(${bind(texts, 'text[]')})`];
  if (key) terms.push(`${key.column} = ANY(${bind(texts.map(key.of), 'text[]')})`);
  const isOne = terms.join(' AND ');
  if (texts.length === values.length) return isOne;
  return `(${isOne} OR ${column} IS NULL${key ? ` AND ${key.column} = ''` : ''})`;
}
