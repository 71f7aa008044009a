import { z } from 'zod';

/** The name of a time zone in the IANA database, such as `Europe/Berlin`, with its rules of the past and to come. */
export const zone = z
  .string()
  .min(1, 'say which time zone, such as Europe/Berlin')
  .max(64)
  .refine(isZone, { error: ({ input }) => notAZone(String(input)) })
  .transform(inItsOwnLetters)
  .brand<'Zone'>();
export type Zone = z.infer<typeof zone>;

/** A zone, or `site`: for each device the one of its location. One schema, so that its faults are told as they are. */
export const siteZone = z
  .string()
  .min(1, 'say which time zone, such as Europe/Berlin, or site')
  .max(64)
  .refine((name) => name === 'site' || isZone(name), { error: ({ input }) => notAZone(String(input)) })
  .transform((name) => (name === 'site' ? name : (inItsOwnLetters(name) as Zone)));

/** The place a zone is named after, as it stands in a sentence: `New York`, `UTC`. */
export function placeOf(name: Zone): string {
  const isPlace = name.includes('/') && !name.startsWith('Etc/');
  return isPlace ? name.slice(name.lastIndexOf('/') + 1).replaceAll('_', ' ') : name;
}

/** Zones that ICU lists by a former name only. */
const presentNames = [
  'UTC',
  'Africa/Asmara',
  'America/Argentina/Buenos_Aires',
  'America/Argentina/Catamarca',
  'America/Argentina/Cordoba',
  'America/Argentina/Jujuy',
  'America/Argentina/Mendoza',
  'America/Atikokan',
  'America/Indiana/Indianapolis',
  'America/Kentucky/Louisville',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
  'Pacific/Chuuk',
  'Pacific/Kanton',
  'Pacific/Pohnpei',
];

/** ICU knows others besides, which the database has not: its `BST` is Bangladesh, its `IST` India. */
const abbreviations = new Set('CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' '));

/** Of any letter case; an offset such as `+02:00` knows nothing of summer time and is none. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  if (name.length === 3 && !abbreviations.has(name.toUpperCase())) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

let listed: ReadonlyMap<string, string> | undefined;

/** The zones that are listed, by their name in small letters. */
function zoneNames(): ReadonlyMap<string, string> {
  listed ??= new Map(
    [...Intl.supportedValuesOf('timeZone'), ...presentNames].map((name) => [name.toLowerCase(), name]),
  );
  return listed;
}

function inItsOwnLetters(name: string): string {
  return zoneNames().get(name.toLowerCase()) ?? name;
}

function notAZone(given: string): string {
  const near = nearZones(given);
  const mend = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'write it as area and city: Europe/Berlin';
  return `"${given}" is no time zone; ${mend}`;
}

const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');

/** At most three: zones of the city that was written, else those with a letter or two changed. */
function nearZones(given: string): string[] {
  const wanted = letters(given.slice(given.lastIndexOf('/') + 1));
  if (wanted === '') return [];
  const most = Math.min(2, Math.floor(wanted.length / 3));
  return [...zoneNames().values()]
    .map((name) => ({ name, far: distance(wanted, letters(name.slice(name.lastIndexOf('/') + 1))) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far)
    .filter(({ far }, _, [first]) => far === first?.far)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein's: letters to add, take away or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
