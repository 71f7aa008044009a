import { expect, it } from 'vitest';
import { changesOf, havingField, havingTag, newEditDraft } from './edit-draft.ts';

it('a form changes only what is ticked, and empties what is left empty', () => {
  const draft = newEditDraft();
  expect(changesOf(draft)).toEqual({});
  draft.location = 'Hall 2';
  draft.model = 'not ticked';
  draft.changes = { location: true, model: false, profile: true };
  draft.tags = [
    { key: ' rack ', value: '4' },
    { key: '', value: 'x' },
  ];
  draft.removedTags = 'old, , older ';
  expect(changesOf(draft)).toEqual({
    ...{ location: 'Hall 2', profile: null },
    ...{ setTags: { rack: '4' }, removeTags: ['old', 'older'] },
  });
});

it('those that have a value already are found among the chosen ones only', () => {
  expect(havingField({ search: 'x' }, 'location', 'A')).toEqual({ search: 'x', location: ['A'] });
  expect(havingField({ location: ['A', 'B'] }, 'location', 'A')).toEqual({ location: ['A'] });
  expect(havingField({ location: ['B'] }, 'location', 'A')).toBeUndefined();
  expect(havingTag({ tags: { rack: '4' } }, 'row', '1')).toEqual({ tags: { rack: '4', row: '1' } });
  expect(havingTag({ tags: { rack: '4' } }, 'rack', '5')).toBeUndefined();
});
