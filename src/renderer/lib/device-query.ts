import {
  type DeviceFilter,
  type DeviceId,
  deviceId,
  deviceStatus,
  mostSearchCharacters,
  mostTags,
  mostWords,
} from '../../shared/model/index.ts';

/** The keys that a search may name, as they are written; `fw` is short for `firmware`. */
export const queryKeys = ['status', 'location', 'model', 'fw', 'tag', 'profile', 'seen', 'id'] as const;
export type QueryKey = (typeof queryKeys)[number];

export type QueryOperator = ':' | '<' | '<=' | '>' | '>=';

/** A part of a search: a free word, or what one key must be; `null` where a device must have none. */
export type QueryTerm = { word: string } | { key: QueryKey; operator: QueryOperator; value: string | null };

/** What is wrong with a term: a code, worded by the catalogue. */
export type QueryFault =
  | 'unknownKey'
  | 'noValue'
  | 'openQuote'
  | 'badStatus'
  | 'badTag'
  | 'badId'
  | 'badSeen'
  | 'noOrder'
  | 'twice'
  | 'tooMany';

/** A term as it stands in the text, from `start` to `end` (exclusive). */
export interface WrittenTerm {
  start: number;
  end: number;
  text: string;
  term?: QueryTerm;
  fault?: QueryFault;
}

const spellings: Readonly<Record<string, QueryKey>> = {
  ...Object.fromEntries(queryKeys.map((key) => [key, key])),
  firmware: 'fw',
  version: 'fw',
  loc: 'location',
};

/** Longer ages than those of the longest-lived device are typing errors. */
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const age = /^(\d{1,5})([mhdw])$/i;
const day = /^\d{4}-\d{2}-\d{2}$/;
const operators = /^([a-z]+)(:|<=|>=|<|>|=)/i;

/** Reads a search as it stands, word by word. What is not understood has a fault in place of a term. */
export function readQuery(text: string): WrittenTerm[] {
  const written = piecesOf(text).map((piece): WrittenTerm => {
    const { start, end, text: asWritten } = piece;
    return { start, end, text: asWritten, ...readPiece(piece) };
  });
  const said = new Set<string>();
  const words: string[] = [];
  let tags = 0;
  return written.map((one): WrittenTerm => {
    const { term } = one;
    if (!term) return one;
    if ('word' in term) words.push(...term.word.split(/\s+/u).filter(Boolean));
    else if (term.key === 'tag') tags += 1;
    const isOver = words.length > mostWords || words.join(' ').length > mostSearchCharacters || tags > mostTags;
    const single = singleOf(term);
    const fault = isOver ? 'tooMany' : single !== undefined && said.has(single) ? 'twice' : undefined;
    if (single !== undefined) said.add(single);
    return fault ? { start: one.start, end: one.end, text: one.text, fault } : one;
  });
}

/** The filter of a search. What has a fault is left out. @param nowMs what ages such as `7d` are counted back from */
export function filterOfQuery(written: readonly WrittenTerm[], nowMs: number): DeviceFilter {
  const filter: DeviceFilter = {};
  const words: string[] = [];
  for (const { term } of written) {
    if (!term) continue;
    if ('word' in term) words.push(...term.word.split(/\s+/u).filter(Boolean));
    else addTerm(filter, term, nowMs);
  }
  if (words.length > 0) filter.search = words.join(' ');
  return filter;
}

/** Writes terms so that {@link readQuery} reads the same. */
export function writeQuery(terms: readonly QueryTerm[]): string {
  return terms.map(writeTerm).join(' ');
}

export function writeTerm(term: QueryTerm): string {
  if ('word' in term) return quoted(term.word, looksLikeKey(term.word) || /[\s"]/u.test(term.word) || term.word === '');
  const { key, operator, value } = term;
  if (value === null) return `${key}${operator}-`;
  return `${key}${operator}${quoted(value, value === '' || isNone(value) || /^=|[\s"]/u.test(value))}`;
}

/** The text with `key:value` added behind, or taken out where it stands already. */
export function toggleTerm(text: string, key: QueryKey, value: string | null): string {
  const written = readQuery(text);
  const isSame = ({ term }: WrittenTerm) =>
    term !== undefined && 'key' in term && term.key === key && term.operator === ':' && term.value === value;
  const others = written.filter((one) => !isSame(one)).map((one) => one.text);
  if (others.length === written.length) others.push(writeTerm({ key, operator: ':', value }));
  return others.join(' ');
}

interface Piece {
  start: number;
  end: number;
  text: string;
  /** Without its quotes. */
  plain: string;
  /** How much of `plain` stood before the first quote; `Infinity` without one. */
  bare: number;
  isOpen: boolean;
}

/** Splits at white space outside of quotes; `\"` and `\\` inside of them stand for `"` and `\`. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/u.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    let plain = '';
    let bare: number | undefined;
    let isOpen = false;
    for (; at < text.length && (isOpen || !/\s/u.test(text.charAt(at))); at += 1) {
      const sign = text.charAt(at);
      const next = text.charAt(at + 1);
      if (isOpen && sign === '\\' && (next === '"' || next === '\\')) {
        plain += next;
        at += 1;
      } else if (sign === '"') {
        isOpen = !isOpen;
        bare ??= plain.length;
      } else plain += sign;
    }
    pieces.push({ start, end: at, text: text.slice(start, at), plain, bare: bare ?? Infinity, isOpen });
  }
  return pieces;
}

function readPiece({ plain, bare, isOpen }: Piece): { term: QueryTerm } | { fault: QueryFault } {
  if (isOpen) return { fault: 'openQuote' };
  // What is in quotes is looked for as it stands.
  const match = operators.exec(plain.slice(0, bare));
  if (!match) return readWord(plain);
  const [, name = '', sign = ':'] = match;
  const value = plain.slice(name.length + sign.length);
  const key = Object.hasOwn(spellings, name.toLowerCase()) ? spellings[name.toLowerCase()] : undefined;
  // `rack=4` is looked for among the tags, `localhost:4022` among the addresses.
  if (key === undefined) return sign === '=' || /^\d+$/.test(value) ? readWord(plain) : { fault: 'unknownKey' };
  const isQuoted = bare !== Infinity;
  if (value === '' && !isQuoted) return { fault: 'noValue' };
  const operator = sign === '=' ? ':' : (sign as QueryOperator);
  return readValue(key, operator, !isQuoted && isNone(value) ? null : value);
}

function readWord(word: string): { term: QueryTerm } | { fault: QueryFault } {
  return word.trim() === '' ? { fault: 'noValue' } : { term: { word } };
}

function readValue(
  key: QueryKey,
  operator: QueryOperator,
  value: string | null,
): { term: QueryTerm } | { fault: QueryFault } {
  const fault = faultOfValue(key, operator, value);
  if (fault) return { fault };
  return { term: { key, operator, value: key === 'status' && value !== null ? value.toLowerCase() : value } };
}

function faultOfValue(key: QueryKey, operator: QueryOperator, value: string | null): QueryFault | undefined {
  if (key === 'seen')
    return operator === ':' || value === null || momentOf(value, 0) === undefined ? 'badSeen' : undefined;
  if (key !== 'fw' && operator !== ':') return 'noOrder';
  if (key === 'fw' && operator !== ':' && !value) return 'noValue';
  if (key === 'status' && !deviceStatus.safeParse(value?.toLowerCase()).success) return 'badStatus';
  if (key === 'id' && !deviceId.safeParse(value).success) return 'badId';
  if (key === 'tag' && !/^[^=]+=/su.test(value ?? '')) return 'badTag';
  return undefined;
}

/** What may be said only once, by the name under which it counts. */
function singleOf(term: QueryTerm): string | undefined {
  if ('word' in term) return undefined;
  if (term.key === 'tag') return `tag ${tagOf(term.value)[0]}`;
  return term.operator === ':' ? undefined : `${term.key} ${term.operator.charAt(0)}`;
}

function addTerm(filter: DeviceFilter, term: Exclude<QueryTerm, { word: string }>, nowMs: number): void {
  const { key, operator, value } = term;
  if (key === 'seen') {
    // "Less than seven days ago" is after that moment; "before that day" is before it.
    const isAfter = age.test(value ?? '') ? operator.startsWith('<') : operator.startsWith('>');
    filter[isAfter ? 'seenAfter' : 'seenBefore'] = momentOf(value ?? '', nowMs);
  } else if (key === 'fw') {
    if (operator === ':') filter.firmwareVersion = [...(filter.firmwareVersion ?? []), value];
    else filter[bounds[operator]] = value ?? '';
  } else if (key === 'tag') {
    const [name, is] = tagOf(value);
    filter.tags = { ...filter.tags, [name]: is };
  } else if (key === 'id') filter.ids = [...(filter.ids ?? []), value as DeviceId];
  else if (key === 'status') filter.status = [...(filter.status ?? []), deviceStatus.parse(value)];
  else filter[key] = [...(filter[key] ?? []), value];
}

const bounds = { '<': 'firmwareBelow', '<=': 'firmwareMax', '>': 'firmwareAbove', '>=': 'firmwareMin' } as const;

function tagOf(text: string | null): [key: string, value: string] {
  const [key = '', ...value] = (text ?? '').split('=');
  return [key, value.join('=')];
}

/** A moment by its age, or the beginning of a day of the calendar here, or a time as ISO 8601 has it. */
function momentOf(text: string, nowMs: number): string | undefined {
  const [, count, unit] = age.exec(text) ?? [];
  const atMs = unit
    ? nowMs - Number(count) * (unitMs[unit.toLowerCase()] ?? 0)
    : Date.parse(day.test(text) ? `${text}T00:00` : text);
  if (Number.isNaN(atMs) || (!unit && !/^\d{4}-/.test(text))) return undefined;
  return new Date(atMs).toISOString();
}

const isNone = (value: string) => /^(-|none)$/i.test(value);
const looksLikeKey = (word: string) => operators.test(word);
const quoted = (text: string, isNeeded: boolean) => (isNeeded ? `"${text.replace(/[\\"]/g, '\\$&')}"` : text);
