import { expect, it } from 'vitest';
import { auditEntryOf } from './audited-calls.ts';

it('says which shared registry was chosen, without its login', () => {
  const url = 'postgres://bench:hunter2@192.0.2.5:5433/pushrod';
  expect(auditEntryOf(['registry', 'use'], { url }, {})).toMatchObject({ detail: '192.0.2.5:5433/pushrod' });
});

it('says which login was added, and nothing of its secret', () => {
  const input = { name: 'roof', username: 'root', secret: { kind: 'password', password: 'hunter2' } };
  const output = { name: 'roof', username: 'root', kind: 'password', fingerprint: null, createdAt: '' };
  expect(auditEntryOf(['credentials', 'add'], input, output)).toEqual({
    ...{ subject: 'credential', subjectId: 'roof', action: 'added', detail: 'password of root' },
  });
});

it('says of a profile only that it was set: its headers may hold a token', () => {
  const input = { name: 'web', profile: { http: { headers: { 'x-token': 'hunter2' } } } };
  expect(JSON.stringify(auditEntryOf(['profiles', 'set'], input, input))).not.toContain('hunter2');
});

it('names the devices of a long list only at its start', () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => `gw-${index}`);
  const entry = auditEntryOf(['devices', 'remove'], { selection: { ids } }, { removed: ids.length });
  expect(entry?.detail).toMatch(/^100000 devices: gw-0, gw-1, .*, gw-99 and 99900 more$/);
});

it.each([
  ['a list that is only looked at', ['devices', 'list'], {}, {}],
  ['an import that only checks', ['devices', 'import'], { dryRun: true }, { added: 1, updated: 0, skipped: 0 }],
])('puts nothing on record of %s', (_, path, input, output) => {
  expect(auditEntryOf(path, input, output)).toBeUndefined();
});
