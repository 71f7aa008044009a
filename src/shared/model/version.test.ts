import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, versionKey } from './version.ts';

/** The pattern that semver.org suggests. */
const semVer =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

/** SemVer 2.0.0 §11, as it is written there. */
function semVerPrecedence(a: string, b: string): number {
  const [, ...partsA] = semVer.exec(a) ?? [];
  const [, ...partsB] = semVer.exec(b) ?? [];
  for (const part of [0, 1, 2]) {
    const numberA = BigInt(partsA[part] ?? '');
    const numberB = BigInt(partsB[part] ?? '');
    if (numberA !== numberB) return numberA < numberB ? -1 : 1;
  }
  const identifiersA = partsA[3]?.split('.') ?? [];
  const identifiersB = partsB[3]?.split('.') ?? [];
  if (identifiersA.length === 0 || identifiersB.length === 0)
    return Math.sign(identifiersB.length - identifiersA.length);
  for (const [index, identifierA] of identifiersA.entries()) {
    const identifierB = identifiersB[index];
    if (identifierB === undefined) return 1;
    if (identifierA === identifierB) continue;
    const [isNumberA, isNumberB] = [/^\d+$/.test(identifierA), /^\d+$/.test(identifierB)];
    if (isNumberA && isNumberB) return BigInt(identifierA) < BigInt(identifierB) ? -1 : 1;
    if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
    return identifierA < identifierB ? -1 : 1;
  }
  return identifiersA.length < identifiersB.length ? -1 : 0;
}

const number = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('0', '1', '2', '9', '10', '11', '99', '100') },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String) },
);
const identifier = fc.oneof(
  number,
  fc.constantFrom(...'alpha beta rc RC rc1 rc2 rc10 rc-1 rc- - -- -1 0a 1a 10a Z a z'.split(' ')),
  fc.string({ unit: fc.constantFrom(...'019aAzZ-'), minLength: 1, maxLength: 4 }),
);
const dotted = fc.array(identifier, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const semVerText = fc
  .tuple(number, number, number, fc.option(dotted, { freq: 4 }), fc.option(dotted, { freq: 1 }))
  .map(
    ([major, minor, patch, pre, build]) =>
      `${major}.${minor}.${patch}${pre ? `-${pre}` : ''}${build ? `+${build}` : ''}`,
  )
  .filter((text) => semVer.test(text));

const vendorPart = fc.oneof(
  number,
  fc.constantFrom(...'v V FW_ R B b a SE rc RC beta alpha 007'.split(' ')),
  fc.constantFrom(...'.-_~+ ()'),
);
const strangePart = fc.oneof(fc.constantFrom(...'äΩ字٣𝟙２ß🚀\0\ud800'), fc.string({ unit: 'binary', maxLength: 3 }));
const vendorText = fc.array(vendorPart, { maxLength: 8 }).map((parts) => parts.join(''));
const anyVersion = fc.oneof(
  semVerText,
  vendorText,
  fc.array(fc.oneof(vendorPart, strangePart), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** A pair of which the second is the first with one character taken out, put in or changed. */
function near(text: fc.Arbitrary<string>): fc.Arbitrary<[string, string]> {
  const edit = fc.tuple(
    fc.nat(),
    fc.nat({ max: 1 }),
    fc.constantFrom('', '0', '1', '.', '-', 'a', 'A', '.0', '-0', '9'),
  );
  return fc.tuple(text, edit).map(([first, [position, removed, inserted]]) => {
    const at = position % (first.length + 1);
    return [first, first.slice(0, at) + inserted + first.slice(at + removed)];
  });
}

function bytes(version: string): Buffer {
  return Buffer.from(versionKey(version));
}

describe('the order', () => {
  it.each([
    ['what has no number in front first', '? < B20210401 < B20210402 < unknown < 0 < 0.0.1 < 1'],
    [
      'numbers by value',
      '1.9 < 1.10 < 1.10.1 < 1.11 < 2 < 9007199254740992.0 < 9007199254740993 < 10000000000000000000',
    ],
    ['any number of parts', '1.2 < 1.2.0.1 < 1.2.3 < 1.2.3.4 < 1.2.4 < 1.3.0.0.1 < 1.4'],
    ['dates', '2023.12.31 < 2024.09.1 < 2024-09-02 < 2024.09.10 < 2024.10 < 2024-11-01'],
    [
      'the example of semver.org',
      '1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0',
    ],
    [
      'SemVer identifiers as ASCII',
      '1.0.0-9 < 1.0.0-- < 1.0.0-0a < 1.0.0-RC < 1.0.0-a < 1.0.0-rc < 1.0.0-rc- < 1.0.0-rc1 < 1.0.0-rc10 < 1.0.0-rc2',
    ],
    [
      'pre-releases of vendors',
      '2.0-alpha < 2.0beta < 2.0_beta2 < 2.0 Beta 10 < 2.0~dev < 2.0pre < 2.0-Preview < 2.0RC1 < 2.0rc2 < 2.0rc10 < 2.0',
    ],
    ['anything behind a hyphen as a pre-release', '1.1 < 1.2-4 < 1.2-10 < 1.2-EE < 1.2 < 1.2.0.1-EE < 1.2.0.1'],
    ['patch letters', '1.0.2-rc1 < 1.0.2 < 1.0.2a < 1.0.2b < 1.0.2b1 < 1.0.2b10 < 1.0.2za < 1.0.2.1 < 1.0.3'],
    [
      'release letters',
      'R11Z < R12 < R12A < R12A99 < R12B-rc1 < R12B < R12B03 < R12B3A < R12B10 < R12BA < R12.1 < R13',
    ],
    [
      'numbers in brackets',
      '10.2 < 10.2(3)beta < 10.2(3) < 10.2(3)SE < 10.2(3)SE1 < 10.2(3)SE2 < 10.2(3)SE10 < 10.2(10) < 10.3',
    ],
    ['names of firmware', 'FW_3.4_beta2 < FW_3.4 < fw_3.4_2 < Firmware 3.5 < FW_v3.10'],
  ])('has %s: %s', (_, ascending) => {
    const versions = ['', ...ascending.split(' < ')];
    expect(versions.toReversed().toSorted(compareVersions)).toEqual(versions);
    expect(new Set(versions.map(versionKey)).size).toBe(versions.length);
  });

  it.each([
    '2 = 2.0 = 2.0.0 = 2.0.0.0 = v2 = V2.0 = v.2 = ver 2 = Version: 2.0 = FW_2 = fw-v2 = R2 = 02.00 = 2.0.0+b5 = 2- = ２',
    '1.2.3-rc.1 = 1.2.3-rc.1+b5 = v1.2.3-rc.1 = 01.2.3-rc.01 = 1.2.3~rc.1 = 1.2.3 RC.1',
    '2.0.0-rc1 = 2.0-rc1 = 2.0rc1 = 2.0.0RC1 = 2.0~rc01 = FW_2_rc1 = v2 RC 1 = 2.0-rc_1 = 2.0-rc-1',
    'R12B03 = 12b3 = R12 B 3 = r12b3.0',
    '2024.09.1 = 2024-09-01 = 2024.9.1.0 = 2024_09_01',
  ])('ranks spellings equal: %s', (spellings) => {
    const keys = spellings.split(' = ').map((spelling) => versionKey(` ${spelling}`));
    expect(keys).toEqual(keys.map(() => keys[0]));
  });

  it('is that of SemVer between any two SemVer versions', () => {
    const pair = fc.oneof(
      fc.tuple(semVerText, semVerText),
      near(semVerText).filter(([, second]) => semVer.test(second)),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(compareVersions(a, b)).toBe(semVerPrecedence(a, b));
      }),
      { numRuns: 20_000 },
    );
  });

  it('is that of SemVer between any two pre-releases of one version', () => {
    fc.assert(
      fc.property(near(dotted.map((pre) => `1.0.0-${pre}`)), dotted, ([a, b], other) => {
        const valid = [a, b, `1.0.0-${other}`, '1.0.0'].filter((text) => semVer.test(text));
        for (const left of valid) {
          for (const right of valid) expect(compareVersions(left, right)).toBe(semVerPrecedence(left, right));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('is total: reflexive, the same from both sides, and transitive', () => {
    fc.assert(
      fc.property(near(anyVersion), anyVersion, ([a, b], c) => {
        const [first, second, third] = [a, b, c].toSorted(compareVersions) as [string, string, string];
        expect(compareVersions(a, a)).toBe(0);
        expect(compareVersions(a, b)).toBe(0 - compareVersions(b, a));
        expect(compareVersions(first, second)).toBeLessThanOrEqual(0);
        expect(compareVersions(second, third)).toBeLessThanOrEqual(0);
        expect(compareVersions(first, third)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is that of the bytes of the keys', () => {
    fc.assert(
      fc.property(near(anyVersion), anyVersion, ([a, b], c) => {
        expect(compareVersions(a, b)).toBe(Buffer.compare(bytes(a), bytes(b)));
        expect(compareVersions(a, c)).toBe(Buffer.compare(bytes(a), bytes(c)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('has a higher number later, in any place, whatever its length', () => {
    const places = '# v1.# 1.2.# FW_3.#_beta2 R12B# 10.2(#)SE1 1.0.0-rc.# 2.0rc# 2.0-rc# 2.#-4'.split(' ');
    const place = fc.constantFrom(...places);
    const big = fc.bigInt({ min: 0n, max: 10n ** 60n });
    fc.assert(
      fc.property(place, big, big, (text, number, less) => {
        const [low, high] = [number, number + less + 1n].map((value) => text.replace('#', String(value)));
        expect(compareVersions(low ?? '', high ?? '')).toBe(-1);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what does not count', () => {
  const release = fc.array(number, { minLength: 1, maxLength: 5 });
  const suffix = fc.constantFrom('', 'b', ' SP2', 'SE1', 'rc1', '~beta2', '_beta2');

  it('is zeros before a number or at the end, a prefix, and build metadata', () => {
    const prefix = fc.constantFrom('', 'v', 'V', 'FW_', 'R', 'ver ');
    fc.assert(
      fc.property(release, suffix, prefix, fc.nat({ max: 3 }), (parts, rest, before, zeros) => {
        const padded = [...parts, ...Array(zeros).fill('0')].map((part) => '0'.repeat(zeros) + part);
        expect(versionKey(`${before}${padded.join('.')}${rest}+b5`)).toBe(versionKey(parts.join('.') + rest));
      }),
    );
  });

  it('is the case of letters, outside of the pre-release of a SemVer version', () => {
    fc.assert(
      fc.property(vendorText, (text) => {
        fc.pre(!/\d\.\d+\.\d+-/.test(text));
        expect(versionKey(text.toUpperCase())).toBe(versionKey(text.toLowerCase()));
      }),
    );
  });
});

describe('versionKey', () => {
  it.each([
    ['', ''],
    ['2.6.0', '1216.'],
    ['v1.10', '11210.'],
    ['2024.09.1', '420241911.'],
    ['R12B03', '212/b13.'],
    ['1.2.3-rc.1+b5', '111213-,rc+11'],
    ['FW_3.4_beta2', '1314-,beta2'],
    ['2.0rc10', '12-,rc:210'],
    ['äß', '/ass.'],
    ['字', '/~05b57.'],
  ])('of %j is %j', (version, key) => {
    expect(versionKey(version)).toBe(key);
  });

  it('loses nothing of 200 ASCII characters, and is never longer than 600', () => {
    for (const part of ['1.', 'a1', '1a', '(1)', '1-', '~1', 'a ', 'é', '\ufdfa']) {
      const text = part.repeat(200 / part.length);
      expect(versionKey(text).length).toBeLessThanOrEqual(600);
      if (!/[^!-~ ]/.test(text)) expect(versionKey(`${text}1`)).not.toBe(versionKey(`${text}2`));
    }
  });

  it('is printable ASCII, and empty only for no version', () => {
    fc.assert(
      fc.property(anyVersion, (version) => {
        expect(versionKey(version)).toMatch(/^[!-~]*$/);
        expect(versionKey(version) === '').toBe(version.trim() === '');
      }),
      { numRuns: 5_000 },
    );
  });
});
