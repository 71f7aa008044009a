import { type Recovery, recovery } from '../../shared/model/index.ts';
import { createSetting, type Database } from '../data/index.ts';

/** What is done with updates that are found interrupted; they wait for a word until that is set. */
export interface RecoverySetting {
  get(): Recovery;
  set(to: Recovery): void;
}

export function createRecoverySetting(database: Database): RecoverySetting {
  const setting = createSetting(database, 'recovery');
  return {
    get: () => recovery.catch({ interrupted: 'wait' }).parse({ interrupted: setting.get() }),
    set: ({ interrupted }) => setting.set(interrupted),
  };
}
