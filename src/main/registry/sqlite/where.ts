import type { DeviceFilter } from '../../../shared/model/index.ts';
import { textKey } from '../../../shared/model/text-key.ts';
import { versionKey } from '../../../shared/model/version.ts';
import { searchWords } from '../row.ts';
import type { Condition, Where } from './condition.ts';
import { foundByIndex, foundInText } from './search.ts';

/** How words are looked up: by the index of trigrams, or by looking at the text of each device. */
export type SearchBy = 'index' | 'text';

/**
 * One of several values. They travel as one JSON array parameter, so their number meets no limit on bound variables; a
 * single one is compared as it is, so that an index that goes on by name gives the order as well.
 */
const oneOf = (column: string, values: readonly string[], name: string): Condition =>
  values.length === 1
    ? [`${column} = @${name}`, { [name]: values[0] }]
    : [`${column} IN (SELECT value FROM json_each(@${name}))`, { [name]: JSON.stringify(values) }];

export function whereFilter(filter: DeviceFilter, searchBy: SearchBy): Where {
  const terms: string[] = [];
  const parameters: Record<string, unknown> = {};
  const add = (...[sql, bound]: Condition) => {
    terms.push(sql);
    Object.assign(parameters, bound);
  };
  if (filter.ids) add(...oneOf('id', filter.ids, 'ids'));
  if (filter.exceptIds && filter.exceptIds.length > 0) {
    add('id NOT IN (SELECT value FROM json_each(@exceptIds))', { exceptIds: JSON.stringify(filter.exceptIds) });
  }
  if (filter.status) add(...oneOf('status', filter.status, 'status'));
  for (const facet of ['location', 'model'] as const) {
    const values = filter[facet];
    if (values) add(...whereText(facet, `${facet}_key`, values, textKey));
  }
  if (filter.profile) {
    const names = filter.profile.map((name) => name ?? '');
    add(...oneOf("coalesce(profile, '')", names, 'profile'));
  }
  if (filter.firmwareVersion) add(...whereText('firmware_version', 'version_key', filter.firmwareVersion, versionKey));
  // The empty key of a device without a version is below every other.
  const [firmwareMin, firmwareMax] = [versionKey(filter.firmwareMin ?? ''), versionKey(filter.firmwareMax ?? '')];
  if (firmwareMin) add('version_key >= @firmwareMin', { firmwareMin });
  if (firmwareMax) add("version_key > '' AND version_key <= @firmwareMax", { firmwareMax });
  const [above, below] = [versionKey(filter.firmwareAbove ?? ''), versionKey(filter.firmwareBelow ?? '')];
  if (above) add('version_key > @firmwareAbove', { firmwareAbove: above });
  if (below) add("version_key > '' AND version_key < @firmwareBelow", { firmwareBelow: below });
  if (filter.seenAfter) add('last_seen >= @seenAfter', { seenAfter: filter.seenAfter });
  if (filter.seenBefore) add("last_seen > '' AND last_seen < @seenBefore", { seenBefore: filter.seenBefore });
  for (const [index, [key, value]] of Object.entries(filter.tags ?? {}).entries()) {
    const sql = `rowid IN (SELECT device FROM device_tags WHERE key = @key${index} AND value = @value${index})`;
    add(sql, { [`key${index}`]: key, [`value${index}`]: value });
  }
  const words = searchWords(filter.search ?? '');
  if (words.length > 0) add(...(searchBy === 'index' ? foundByIndex(words) : foundInText(words)));
  return { sql: terms.length === 0 ? 'TRUE' : terms.join(' AND '), parameters };
}

/** One of several texts, or none at all; the key narrows by the index, the text itself decides. */
function whereText(
  column: 'location' | 'model' | 'firmware_version',
  keyColumn: string,
  values: readonly (string | null)[],
  keyOf: (text: string) => string,
): Condition {
  // No device has an empty text, but '' stands for none here.
  const texts = values.filter((value) => value !== '').map((value) => value ?? '');
  const keys = [...new Set(texts.map(keyOf))];
  const [byKey, keyParameters] = oneOf(keyColumn, keys, `${column}Keys`);
  const [byText, textParameters] = oneOf(`coalesce(${column}, '')`, texts, column);
  return [`${byKey} AND ${byText}`, { ...keyParameters, ...textParameters }];
}
