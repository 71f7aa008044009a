import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, textKey } from './text-key.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const letters = fc.string({ unit: fc.constantFrom(...'aAbzZäÄéÉßñÑøłŁσςжЖ字かが한글'), maxLength: 12 });
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 40 });
const gap = fc.constantFrom('', ' ', '-', '.', '_', '/', 'x', '字');
/** Near one another, so that comparing them gets past the first letter. */
const nameLike = fc
  .array(fc.oneof(fc.constantFrom('a', 'Sensor', 'sensor', 'Ä', '9', '10', '009', '0'), gap, digits, anyText), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function byKey(a: string, b: string): number {
  return byBytes(textKey(a), textKey(b));
}

describe('foldText', () => {
  it.each([
    ['', ''],
    ['ZÜRICH', 'zurich'],
    ['Zu\u0308rich', 'zurich'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['København, Łódź, Æbeltoft', 'kobenhavn, lodz, aebeltoft'],
    ['İSTANBUL Iğdır', 'istanbul igdir'],
    ['Ｈａｌｌ\u00a0３', 'hall 3'],
    ['oﬃce', 'office'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδος', 'οδοσ'],
    ['서울', '서울'],
    ['a\0b', 'ab'],
    ['\ud800', '\ufffd'],
  ])('folds %j to %j', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it('changes nothing when done twice', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, letters), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
    );
  });

  it('does the same to ASCII alone as amid other letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(foldText(`${text}字`)).toBe(`${foldText(text)}字`);
      }),
    );
  });

  it('finds a part by the folded part', () => {
    fc.assert(
      fc.property(letters, letters, letters, (before, part, after) => {
        expect(foldText(before + part + after)).toContain(foldText(part));
      }),
    );
  });
});

describe('textKey', () => {
  it.each([
    ['', ''],
    ['Gateway', 'gateway'],
    ['sensor-9', 'sensor-19'],
    ['sensor-010', 'sensor-210'],
    ['10.0.0.9', '210.10.10.19'],
    ['0', '10'],
    ['123456789', '919123456789'],
    ['1234567890', '92101234567890'],
  ])('of %j is %j', (text, key) => {
    expect(textKey(text)).toBe(key);
  });

  it.each([
    ['numbers', ['sensor-0', 'sensor-9', 'sensor-10', 'sensor-10a', 'sensor-10b', 'sensor-99', 'sensor-100']],
    ['addresses', ['9.255.0.1', '10.0.0.9', '10.0.0.10', '10.0.0.10:22', '10.0.0.10:8022', '10.0.1.1', '192.0.2.1']],
    ['accents and case', ['Abt', 'Äcker', 'ADE', 'Zurich 1', 'ZÜRICH 2', 'zürich 10']],
    ['numbers where digits stand in ASCII', ['', ' a', '-a', '9', '10', '_', 'a', 'a 1', 'a1', 'aa', '字']],
    ['numbers too long for a double', ['9007199254740992', '9007199254740993', '18014398509481984', '1'.repeat(40)]],
  ])('sorts %s', (_, ascending) => {
    expect(ascending.toReversed().toSorted(byKey)).toEqual(ascending);
  });

  it('sorts numbers by value in the same surroundings, whatever their length', () => {
    fc.assert(
      fc.property(letters, gap, digits, digits, letters, (before, separator, a, b, after) => {
        const order = Math.sign(byKey(`${before}${separator}${a}${after}`, `${before}${separator}${b}${after}`));
        expect(order).toBe(BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not tell case, accents and leading zeros apart', () => {
    fc.assert(
      fc.property(letters, digits, (name, number) => {
        const key = textKey(`${name} ${number}`);
        expect(textKey(`${name.toUpperCase()} 0${number}`)).toBe(key);
        expect(textKey(`${name.normalize('NFD')} ${number}`)).toBe(key);
        expect(textKey(`${name.replace(/./gu, '$&\u0301')} ${number}`)).toBe(key);
      }),
    );
  });

  it('puts a beginning before the whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'binary-ascii' }), (beginning, rest) => {
        expect(byKey(beginning, beginning + rest)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('keeps text without digits as it is folded', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldText(text).replace(/\d/g, '');
        expect(textKey(folded)).toBe(folded);
      }),
    );
  });

  it('gives one key only to texts that differ in case, accents or leading zeros', () => {
    const spelling = (text: string) =>
      foldText(text).replace(/0+(?=\d)/g, (zeros, at, whole) => (/\d/.test(whole[at - 1] ?? '') ? zeros : ''));
    fc.assert(
      fc.property(nameLike, nameLike, (a, b) => {
        expect(textKey(a) === textKey(b)).toBe(spelling(a) === spelling(b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is text that any database stores, one byte longer for each number', () => {
    fc.assert(
      fc.property(nameLike, (text) => {
        const key = textKey(text);
        expect(key.isWellFormed() && !key.includes('\0')).toBe(true);
        if (/\d{9}/.test(foldText(text))) return;
        expect(key.length).toBeLessThanOrEqual(foldText(text).length + (foldText(text).match(/\d+/g) ?? []).length);
      }),
    );
  });

  it('fits into an index of PostgreSQL, and still sorts, whatever 200 characters are given', () => {
    const wide = fc.array(fc.constantFrom('\ufdfa', '\u3300', '🚀', '字', '1', '10', 'ß', '\uffff'), {
      minLength: 190,
      maxLength: 200,
    });
    fc.assert(
      fc.property(wide, fc.constantFrom('', 'a', '🚀', '\uffff'), (parts, rest) => {
        const text = parts.join('');
        expect(Buffer.byteLength(textKey(text))).toBeLessThan(2_704);
        expect(textKey(text).isWellFormed()).toBe(true);
        expect(byKey(text, text + rest)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('is not cut inside a character', () => {
    expect(textKey(`a${'🚀'.repeat(700)}`)).toBe(`a${'🚀'.repeat(599)}`);
  });

  it('is a total order of ranks', () => {
    fc.assert(
      fc.property(nameLike, nameLike, nameLike, (a, b, c) => {
        expect(byKey(a, a)).toBe(0);
        expect(Math.sign(byKey(a, b))).toBe(0 - Math.sign(byKey(b, a)));
        if (byKey(a, b) <= 0 && byKey(b, c) <= 0) expect(byKey(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
