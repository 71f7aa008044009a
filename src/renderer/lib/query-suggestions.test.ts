import { describe, expect, it } from 'vitest';
import type { DeviceFacets } from '../../shared/model/index.ts';
import { suggestionsFor } from './query-suggestions.ts';

const facet = (...values: [string | null, number][]) => ({
  values: values.map(([value, count]) => ({ value, count })),
  distinct: values.length,
});
const facets: DeviceFacets = {
  total: 9,
  status: facet(['online', 8], ['offline', 1]),
  location: facet(['Hall 1', 5], ['Lab', 3], [null, 1]),
  model: facet(['GW', 9]),
  firmwareVersion: facet(['2.1.0', 7], [null, 2]),
};
const known = { facets, profiles: ['copy', 'rauc'] };
const labels = (text: string, caret = text.length) => suggestionsFor(text, caret, known).map(({ label }) => label);

describe('what may be meant by a search', () => {
  it.each([
    ['st', ['status:']],
    ['gw lo', ['location:']],
    ['location:', ['location:"Hall 1"', 'location:Lab', 'location:-']],
    ['location:"ha', ['location:"Hall 1"']],
    ['fw:', ['fw:2.1.0', 'fw:-']],
    ['firmware=2', ['fw:2.1.0']],
    ['fw<', []],
    ['profile:r', ['profile:rauc']],
    ['seen', ['seen<1h', 'seen<1d', 'seen<7d', 'seen>1d', 'seen>7d', 'seen>30d']],
    ['seen>', ['seen>1d', 'seen>7d', 'seen>30d']],
    ['hall', ['location:"Hall 1"']],
    ['nothing', []],
  ])('%j is %j', (text, expected) => expect(labels(text)).toEqual(expected));

  it('is every key where nothing is typed yet', () => {
    expect(labels('')).toEqual(['status:', 'location:', 'model:', 'fw:', 'tag:', 'profile:', 'seen<', 'id:']);
  });

  it('replaces the word at the caret, and goes on behind it', () => {
    const [value] = suggestionsFor('gw location:l fw<2', 'gw location:l'.length, known);
    expect(value).toMatchObject({ text: 'gw location:Lab fw<2', count: 3 });
    const [last] = suggestionsFor('location:lab', 12, known);
    expect(last).toMatchObject({ text: 'location:Lab ', caret: 13 });
    const [key] = suggestionsFor('mod', 3, known);
    expect(key).toMatchObject({ text: 'model:', caret: 6, key: 'model' });
  });
});
