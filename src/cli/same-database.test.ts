import { expect, it } from 'vitest';
import { isSameDatabase, withoutSecrets } from './same-database.ts';

const held = 'postgres://bench@192.0.2.5/pushrod';

it.each([
  'postgres://bench:secret@192.0.2.5/pushrod',
  'postgresql://bench@192.0.2.5:5432/pushrod',
  'postgres://b%65nch@192.0.2.5/pushrod?sslmode=disable&password=secret',
])('takes %s for the database that is held', (address) => {
  expect(isSameDatabase(held, address)).toBe(true);
});

it('does not mind how a host name is written', () => {
  expect(isSameDatabase('postgres://bench@DB.example/p', 'postgres://bench@db.example/p')).toBe(true);
});

it.each([
  'postgres://bench@192.0.2.6/pushrod',
  'postgres://bench@192.0.2.5:5433/pushrod',
  'postgres://bench@192.0.2.5/Pushrod',
  'postgres://other@192.0.2.5/pushrod',
  '/data/registry.db',
])('takes %s for another one', (address) => {
  expect(isSameDatabase(held, address)).toBe(false);
  expect(isSameDatabase(address, held)).toBe(false);
});

it('says an address without its secrets', () => {
  expect(withoutSecrets('postgres://bench:a@192.0.2.5/pushrod?password=b#c')).toBe(held);
  expect(withoutSecrets('/data/registry?.db')).toBe('/data/registry?.db');
});
