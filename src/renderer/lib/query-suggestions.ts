import type { DeviceFacets, Facet } from '../../shared/model/index.ts';
import { type QueryKey, queryKeys, readQuery, writeTerm } from './device-query.ts';

/** Something that may be meant, to be taken by a click or Enter. */
export interface Suggestion {
  /** The whole search with it, and where to go on typing. */
  text: string;
  caret: number;
  /** As it is shown. */
  label: string;
  /** How many devices have it. */
  count?: number;
  /** A key is explained; a value is not. */
  key?: QueryKey;
}

/** What is known of the devices. */
export interface KnownValues {
  facets: DeviceFacets | undefined;
  profiles: readonly string[];
}

const most = 8;
/** Of a free word that may stand for a value. */
const leastCharacters = 2;
const ages = ['<1h', '<1d', '<7d', '>1d', '>7d', '>30d'];

/** What may be meant where the caret stands. */
export function suggestionsFor(text: string, caret: number, known: KnownValues): Suggestion[] {
  const at = readQuery(text).find(({ start, end }) => start < caret && caret <= end);
  const [start, end] = at ? [at.start, at.end] : [caret, caret];
  const typed = text.slice(start, caret).toLowerCase();
  const [, name, rest = ''] = /^([a-z]+)[:=](.*)$/is.exec(typed) ?? [];
  const key = queryKeys.find((one) => one === name || (one === 'fw' && name === 'firmware'));
  const put = (term: string, label: string, others: Partial<Suggestion>, goesOn: boolean): Suggestion => {
    const behind = text.slice(end);
    const space = goesOn || /^\s/.test(behind) ? '' : ' ';
    const before = `${text.slice(0, start)}${term}${space}`;
    return { text: before + behind, caret: before.length, label, ...others };
  };
  const values = (one: QueryKey, part: string) =>
    found(valuesOf(one, known), part.replaceAll('"', '')).map(({ value, count }) => {
      const term = writeTerm({ key: one, operator: ':', value });
      return put(term, term, count === undefined ? {} : { count }, false);
    });
  if (typed.startsWith('seen')) {
    return ages
      .map((age) => `seen${age}`)
      .filter((one) => one.startsWith(typed.replace(/[:=]$/, '')))
      .map((one) => put(one, one, {}, false));
  }
  if (key) return values(key, rest).slice(0, most);
  const keys = queryKeys
    .filter((one) => one.startsWith(typed))
    .map((one) =>
      one === 'seen' ? put('seen<', 'seen<', { key: one }, true) : put(`${one}:`, `${one}:`, { key: one }, true),
    );
  const meant =
    typed.length < leastCharacters
      ? []
      : (['location', 'model', 'status', 'fw'] as const).flatMap((one) => values(one, typed).slice(0, 3));
  return [...keys, ...meant].slice(0, most);
}

/** Those that begin with it come before those that hold it elsewhere. */
function found(values: readonly KnownValue[], part: string): KnownValue[] {
  const textOf = ({ value }: KnownValue) => (value ?? '').toLowerCase();
  const [first, others] = [
    values.filter((one) => textOf(one).startsWith(part)),
    values.filter((one) => !textOf(one).startsWith(part)),
  ];
  return [...first, ...others.filter((one) => textOf(one).includes(part))];
}

interface KnownValue {
  value: string | null;
  count?: number;
}

function valuesOf(key: QueryKey, { facets, profiles }: KnownValues): KnownValue[] {
  if (key === 'profile') return [...profiles.map((value) => ({ value })), { value: null }];
  const facet: Facet | undefined =
    key === 'status' || key === 'location' || key === 'model'
      ? facets?.[key]
      : key === 'fw'
        ? facets?.firmwareVersion
        : undefined;
  return facet?.values ?? [];
}
