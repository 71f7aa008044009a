import type { Condition, Where } from './condition.ts';

/** FTS5 looks three characters up at once; shorter words are looked for in each text. */
const gramLength = 3;

/** Devices whose text holds every word, looking at the text of each one that comes by. */
export function foundInText(words: readonly string[]): Condition {
  const { sql, parameters } = holdsEach(
    words,
    '(SELECT search_text FROM device_texts AS t WHERE t.rowid = devices.rowid)',
  );
  return [sql, parameters];
}

/** The same devices, from the index. */
export function foundByIndex(words: readonly string[]): Condition {
  const { sql, parameters } = selectFound(words);
  return [`rowid IN (${sql})`, parameters];
}

/**
 * A query for the numbers of the devices whose text holds every word. The index tells which texts hold all trigrams of
 * the words, not where, so those are looked at again.
 */
export function selectFound(words: readonly string[]): Where {
  const { sql, parameters } = holdsEach(words, 't.search_text');
  const match = matchOf(words);
  if (match === undefined) return { sql: `SELECT t.rowid FROM device_texts AS t WHERE ${sql}`, parameters };
  return {
    sql: `SELECT t.rowid FROM device_search AS s CROSS JOIN device_texts AS t ON t.rowid = s.rowid
      WHERE s.device_search MATCH @match AND ${sql}`,
    parameters: { ...parameters, match },
  };
}

function holdsEach(words: readonly string[], text: string): Where {
  return {
    sql: words.map((_, index) => `instr(${text}, @word${index}) > 0`).join(' AND '),
    parameters: Object.fromEntries(words.map((word, index) => [`word${index}`, word])),
  };
}

/** The FTS5 query for texts that may hold the words: all of their trigrams. */
function matchOf(words: readonly string[]): string | undefined {
  const grams = new Set(words.flatMap(gramsOf));
  if (grams.size === 0) return undefined;
  return [...grams].map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ');
}

function gramsOf(word: string): string[] {
  const characters = [...word];
  return characters.slice(gramLength - 1).map((_, index) => characters.slice(index, index + gramLength).join(''));
}
