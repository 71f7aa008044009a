import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceFilter } from '../../shared/model/index.ts';
import { filterOfQuery, type QueryTerm, queryKeys, readQuery, toggleTerm, writeQuery } from './device-query.ts';

const nowMs = Date.parse('2026-11-25T12:00:00Z');
const filterOf = (text: string) => filterOfQuery(readQuery(text), nowMs);
const faultsOf = (text: string) => readQuery(text).flatMap(({ text: one, fault }) => (fault ? [[one, fault]] : []));
const termsOf = (text: string) => readQuery(text).map(({ term }) => term);

describe('a search', () => {
  it.each<[string, object]>([
    ['', {}],
    ['gateway lab', { search: 'gateway lab' }],
    ['location:Lab status:online fw<2.1', { location: ['Lab'], status: ['online'], firmwareBelow: '2.1' }],
    ['fw>=2.0 fw<=2.9', { firmwareMin: '2.0', firmwareMax: '2.9' }],
    ['fw>2.0', { firmwareAbove: '2.0' }],
    ['fw=2.1.0 firmware:2.2', { firmwareVersion: ['2.1.0', '2.2'] }],
    ['fw:-', { firmwareVersion: [null] }],
    ['model:GW model:"CAM 7" STATUS:Offline', { model: ['GW', 'CAM 7'], status: ['offline'] }],
    ['location:- location:None location:"none"', { location: [null, null, 'none'] }],
    ['tag:rack=4 tag:"cable=red, long" tag:slot=', { tags: { rack: '4', cable: 'red, long', slot: '' } }],
    ['profile:rauc profile:-', { profile: ['rauc', null] }],
    ['id:SN-1 id:SN-2', { ids: ['SN-1', 'SN-2'] }],
    ['seen<7d', { seenAfter: '2026-11-18T12:00:00.000Z' }],
    ['seen>2h', { seenBefore: '2026-11-25T10:00:00.000Z' }],
    ['seen>2026-11-01T00:00:00Z', { seenAfter: '2026-11-01T00:00:00.000Z' }],
    ['seen<2026-11-01T00:00:00Z', { seenBefore: '2026-11-01T00:00:00.000Z' }],
    [
      'rack=4 localhost:4022 192.0.2.1:22 [2001:db8::1]:22',
      { search: 'rack=4 localhost:4022 192.0.2.1:22 [2001:db8::1]:22' },
    ],
    ['"status:online" "hall  1"', { search: 'status:online hall 1' }],
    [String.raw`location:"say \"no\" \\ yes"`, { location: [String.raw`say "no" \ yes`] }],
  ])('%j finds what it says', (text, filter) => {
    expect(filterOf(text)).toEqual(filter);
    expect(faultsOf(text)).toEqual([]);
  });

  it.each([
    ['staus:online gw', ['staus:online', 'unknownKey']],
    ['status:on', ['status:on', 'badStatus']],
    ['status:-', ['status:-', 'badStatus']],
    ['location:', ['location:', 'noValue']],
    ['fw<', ['fw<', 'noValue']],
    ['fw<-', ['fw<-', 'noValue']],
    ['model>3', ['model>3', 'noOrder']],
    ['tag:rack', ['tag:rack', 'badTag']],
    ['id:a/b', ['id:a/b', 'badId']],
    ['seen:7d', ['seen:7d', 'badSeen']],
    ['seen<soon', ['seen<soon', 'badSeen']],
    ['seen<2026-13-99', ['seen<2026-13-99', 'badSeen']],
    ['location:"Hall', ['location:"Hall', 'openQuote']],
    ['fw<2 fw<=3', ['fw<=3', 'twice']],
    ['tag:rack=4 tag:rack=5', ['tag:rack=5', 'twice']],
  ])('says of %j what is wrong, and goes on without it', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  it('takes as many words and tags as the registry does, and says which is too many', () => {
    const words = Array.from({ length: 22 }, (_, index) => `w${index}`).join(' ');
    expect(faultsOf(words)).toEqual([
      ['w20', 'tooMany'],
      ['w21', 'tooMany'],
    ]);
    const tags = Array.from({ length: 51 }, (_, index) => `tag:k${index}=1`).join(' ');
    expect(faultsOf(tags)).toEqual([['tag:k50=1', 'tooMany']]);
    expect(faultsOf('a'.repeat(1_001))).toHaveLength(1);
  });

  it('knows where each of its terms stands', () => {
    const text = '  gw  location:"Hall 1"x ';
    expect(readQuery(text).map(({ start, end }) => text.slice(start, end))).toEqual(['gw', 'location:"Hall 1"x']);
  });

  it('is one tick longer or shorter, whatever else stands in it', () => {
    expect(toggleTerm('gw staus:x', 'location', 'Hall 1')).toBe('gw staus:x location:"Hall 1"');
    expect(toggleTerm('gw location:"Hall 1" fw<2', 'location', 'Hall 1')).toBe('gw fw<2');
    expect(toggleTerm('', 'fw', null)).toBe('fw:-');
    expect(toggleTerm('firmware=-', 'fw', null)).toBe('');
  });
});

const anyText = fc.oneof(
  fc.constantFrom('Lab', 'Hall 1', '-', 'none', 'NONE', 'a:b', 'fw<2', 'say "x"', '\\', '"', 'é 東', '100%', '='),
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
);
const anyTerm: fc.Arbitrary<QueryTerm> = fc.oneof(
  anyText.filter((word) => word.trim() !== '').map((word) => ({ word })),
  fc
    .tuple(fc.constantFrom('location', 'model', 'profile', 'fw'), fc.option(fc.oneof(anyText, fc.constant(''))))
    .map(([key, value]) => ({ key, operator: ':', value }) as QueryTerm),
  fc.tuple(anyText, anyText).map(
    ([key, value]) =>
      ({
        ...{ key: 'tag', operator: ':', value: `${key.replaceAll('=', '_')}=${value}` },
      }) as QueryTerm,
  ),
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), anyText)
    .map(([operator, value]) => ({ key: 'fw', operator, value }) as QueryTerm),
  fc
    .constantFrom('online', 'offline', 'unknown')
    .map((value) => ({ key: 'status', operator: ':', value }) as QueryTerm),
  fc.constantFrom('7d', '12h', '2026-01-31').map((value) => ({ key: 'seen', operator: '<', value }) as QueryTerm),
);

describe('any search', () => {
  it('that is written is read as the same', () => {
    fc.assert(
      fc.property(anyTerm, (term) => {
        expect(termsOf(writeQuery([term]))).toEqual([term]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of several terms is the terms one after the other, those said twice apart', () => {
    fc.assert(
      fc.property(fc.array(anyTerm, { maxLength: 6 }), (terms) => {
        for (const [index, term] of termsOf(writeQuery(terms)).entries())
          expect([terms[index], undefined]).toContainEqual(term);
      }),
    );
  });

  it('whatever it says is a filter that the registry takes, or none', () => {
    const piece = fc.tuple(fc.constantFrom(...queryKeys, '', 'no'), fc.constantFrom(':', '<', '>=', '=', ''), anyText);
    const text = fc
      .array(
        piece.map((parts) => parts.join('')),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, (one) => {
        expect(deviceFilter.safeParse(filterOf(one)).error).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });
});
