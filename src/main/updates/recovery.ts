import { type Recovery, recovery } from '../../shared/model/index.ts';
import type { Database } from '../data/index.ts';

/** What is done with updates that are found interrupted; they wait for a word until that is set. */
export interface RecoverySetting {
  get(): Recovery;
  set(to: Recovery): void;
}

export function createRecoverySetting(database: Database): RecoverySetting {
  const stored = database.prepare<[], string>("SELECT value FROM settings WHERE name = 'recovery'").pluck();
  const store = database.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES ('recovery', ?)");
  return {
    get: () => recovery.catch({ interrupted: 'wait' }).parse({ interrupted: stored.get() }),
    set: ({ interrupted }) => void store.run(interrupted),
  };
}
