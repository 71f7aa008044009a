import { foldText, longestKey, numberKey } from './text-key.ts';

/*
 * What may follow a part of a version, in rising order. Each mark sorts below any digit or letter: a pre-release comes
 * before its release, a release before its patch letter, and a patch letter before the next number.
 */
const preRelease = '-';
const end = '.';
const word = '/';
/* Before each identifier of a pre-release: below all that may stand in one, and numbers below text (SemVer §11.4). */
const numberIdentifier = '+';
const textIdentifier = ',';
/** Between `9` and the letters: a longer number inside a vendor's identifier. One digit stays what it is in SemVer. */
const longNumber = ':';
/** Above the ASCII letters: the code point of another letter. */
const otherLetter = '~';

/** Says that a version follows, and is no part of it: `v2`, `R12`, `FW_3.4`, `Firmware version: 2`. */
const announcement = /^(?:(?:version|ver|v|release|rel|revision|rev|r|firmware|fw)[\s._:-]*)+(?=\d)/i;
const buildMetadata = /(?<=.)\+.*/s;
const numbersOnly = /^\d+(?:\.\d+)*$/;
const semVerPreRelease = /^(\d+\.\d+\.\d+)-([\da-z-]+(?:\.[\da-z-]+)*)$/i;

const isoDate = /^((?:19|20)\d\d)-(\d\d?)-(\d\d?)(?!\d)/;
const hyphenAfterNumbers = /^(\d+(?:[._]\d+)*)-/;
/** `~` as in Debian, or a word that says so, with or without a separator before it. */
const vendorPreRelease =
  /~|(?<!\p{L})(?:alpha|beta|dev|devel|nightly|pre|prerelease|preview|rc|snapshot|test|testing|unstable)(?!\p{L})/u;
const gapBeforeNumber = /(?<=\p{L})[\s_-]+(?=\d)/gu;
const vendorIdentifier = /[\p{L}\p{N}]+/gu;
const numberOrWord = /\d+|[[\p{L}\p{N}]--[0-9]]+/gv;
const allDigits = /^\d+$/;
const zero = numberKey('0');

/**
 * A key whose bytes sort as versions do (SQLite's BINARY, PostgreSQL's COLLATE "C"): printable ASCII, one key for all
 * spellings of a version, `''` for none. `docs/versions.md` has the order.
 */
export function versionKey(version: string): string {
  const text = version.trim();
  if (text === '') return '';
  return bareKey(text.replace(announcement, '').replace(buildMetadata, '')).slice(0, longestKey);
}

/** By rank: 0 for two spellings of one version, such as `v2` and `2.0.0`. */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  const keyA = versionKey(a);
  const keyB = versionKey(b);
  if (keyA === keyB) return 0;
  return keyA < keyB ? -1 : 1;
}

function bareKey(version: string): string {
  if (numbersOnly.test(version)) return releaseKey(version) + end;
  const [, release, identifiers] = semVerPreRelease.exec(version) ?? [];
  if (release === undefined || identifiers === undefined) return vendorKey(version);
  return releaseKey(release) + preReleaseKey(identifiers.split('.'));
}

function vendorKey(version: string): string {
  const text = foldText(version)
    .replace(isoDate, '$1.$2.$3')
    .replace(hyphenAfterNumbers, '$1~')
    .replace(gapBeforeNumber, '');
  const start = text.search(vendorPreRelease);
  const identifiers = start < 0 ? null : text.slice(start).match(vendorIdentifier);
  if (identifiers === null) return releaseKey(text) + end;
  return releaseKey(text.slice(0, start)) + preReleaseKey(identifiers.map(byValue));
}

/** Numbers and words, without the zeros that no number follows. */
function releaseKey(release: string): string {
  let key = '';
  let zeros = '';
  for (const part of release.match(numberOrWord) ?? []) {
    const partKey = allDigits.test(part) ? numberKey(part) : word + asciiKey(part);
    if (partKey === zero && key !== '') {
      zeros += zero;
      continue;
    }
    key += partKey.startsWith(word) ? partKey : zeros + partKey;
    zeros = '';
  }
  return key;
}

function preReleaseKey(identifiers: string[]): string {
  return preRelease + identifiers.map(identifierKey).join('');
}

function identifierKey(identifier: string): string {
  return allDigits.test(identifier) ? numberIdentifier + numberKey(identifier) : textIdentifier + identifier;
}

/** A vendor's identifier with the numbers in it by value; as SemVer text, `rc10` would come before `rc2`. */
function byValue(identifier: string): string {
  return allDigits.test(identifier) ? identifier : asciiKey(identifier.replace(/\d+/g, numberInText));
}

function numberInText(digits: string): string {
  const key = numberKey(digits);
  return key.length === 2 ? key.slice(1) : longNumber + key;
}

function asciiKey(text: string): string {
  return text.replace(/[^\p{ASCII}]/gu, codePointKey);
}

function codePointKey(letter: string): string {
  return otherLetter + (letter.codePointAt(0) ?? 0).toString(16).padStart(5, '0');
}
