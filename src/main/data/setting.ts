import type { Database } from 'better-sqlite3';

/** One text that is kept under a name. */
export interface Setting {
  /** `undefined` while it was never set, or was forgotten. */
  get(): string | undefined;
  set(value: string): void;
  forget(): void;
}

export function createSetting(database: Database, name: string): Setting {
  const stored = database.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck();
  const store = database.prepare<[string, string]>('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const remove = database.prepare<[string]>('DELETE FROM settings WHERE name = ?');
  return {
    get: () => stored.get(name),
    set: (value) => void store.run(name, value),
    forget: () => void remove.run(name),
  };
}
