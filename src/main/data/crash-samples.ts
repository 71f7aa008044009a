import type { Migration } from './migrate.ts';

/** A database whose second schema knows the size of each thing. */
export const things: Migration[] = [
  'CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
  `ALTER TABLE things ADD COLUMN size INTEGER;
   CREATE INDEX things_by_name ON things (name, id);`,
  'UPDATE things SET size = length(name)',
];
