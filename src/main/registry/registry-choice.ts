import { hostname } from 'node:os';
import type { RegistryUrl } from '../../shared/model/index.ts';
import type { SecretBox } from '../credentials/index.ts';
import { createSetting, type DataFolder } from '../data/index.ts';
import type { RegistryPlace } from './worker/protocol.ts';

/** Where the devices are kept: in the data folder, or in a shared database. */
export interface RegistryChoice {
  /** The place for this start: `given` (an option or the environment) before what was chosen for good. */
  place(given: RegistryUrl | undefined): RegistryPlace;
  /** Chooses a shared database for the next starts, or the data folder (`null`). The place is tried first. */
  use(url: RegistryUrl | null): Promise<void>;
}

/** The address of a shared database holds a password, so it is kept sealed. */
export function createRegistryChoice(
  { database, registryFile, backupDir }: Pick<DataFolder, 'database' | 'registryFile' | 'backupDir'>,
  box: SecretBox,
  tryOut: (place: RegistryPlace) => Promise<void>,
): RegistryChoice {
  const chosen = createSetting(database, 'registry');
  const shared = (url: string): RegistryPlace => ({ kind: 'shared', url, benchName: hostname() });
  const openSealed = (sealed: string): RegistryPlace => {
    try {
      return shared(box.open(Buffer.from(sealed, 'base64')));
    } catch {
      return { kind: 'sealed' };
    }
  };
  return {
    place(given) {
      const sealed = chosen.get();
      if (given) return shared(given);
      if (sealed) return openSealed(sealed);
      return { kind: 'local', file: registryFile, backupDir };
    },
    async use(url) {
      if (url === null) {
        chosen.forget();
        return;
      }
      await tryOut(shared(url));
      chosen.set(box.seal(url).toString('base64'));
    },
  };
}
