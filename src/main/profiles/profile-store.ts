import presets from '../../../resources/profiles.json' with { type: 'json' };
import { PushrodError } from '../../shared/errors.ts';
import { credentialsNamedBy, type NamedProfile, type Profile, profile } from '../../shared/model/index.ts';
import { createSetting, type Database, inTransaction } from '../data/index.ts';

/** The profiles: presets that ship with Pushrod, and those people made. One of them is the default. */
export interface ProfileStore {
  list(): NamedProfile[];
  /** The default one for `null`. @throws PushrodError `PROFILE_NOT_FOUND` */
  get(name: string | null): NamedProfile;
  /** A profile under a preset's name takes its place until it is removed. */
  set(name: string, profile: Profile): NamedProfile;
  /** @throws PushrodError `PROFILE_NOT_FOUND`, or `CONFLICT` for a preset or the default one */
  remove(name: string): void;
  /** @throws PushrodError `PROFILE_NOT_FOUND` */
  setDefault(name: string): void;
  /** Names of the credentials that profiles name. */
  credentialsNamed(): ReadonlySet<string>;
}

interface ProfileRow {
  name: string;
  profile: string;
}

const firstDefault = 'copy';

const parsedPresets = Object.entries(presets).map(([name, preset]) => [name, profile.parse(preset)] as const);

/** @param onChange told after each change */
export function createProfileStore(database: Database, onChange: () => void = () => {}): ProfileStore {
  const rows = database.prepare<[], ProfileRow>('SELECT name, profile FROM profiles');
  const upsert = database.prepare('INSERT OR REPLACE INTO profiles (name, profile) VALUES (?, ?)');
  const forget = database.prepare('DELETE FROM profiles WHERE name = ?');
  const chosenDefault = createSetting(database, 'defaultProfile');

  /** Read once until something changes: a push asks for its profile once for each device. */
  let known: { profiles: Map<string, NamedProfile>; credentials: ReadonlySet<string> } | undefined;
  const all = () => {
    if (known) return known;
    const defaultName = chosenDefault.get() ?? firstDefault;
    const found = new Map<string, NamedProfile>();
    const put = (name: string, isPreset: boolean, read: Profile) =>
      found.set(name, { name, isDefault: name === defaultName, isPreset, profile: read });
    for (const [name, preset] of parsedPresets) put(name, true, preset);
    for (const row of rows.all()) put(row.name, false, profile.parse(JSON.parse(row.profile)));
    const credentials = new Set([...found.values()].flatMap((one) => credentialsNamedBy(one.profile)));
    known = { profiles: found, credentials };
    return known;
  };
  const changed = () => {
    known = undefined;
    onChange();
  };
  const get = (name: string | null): NamedProfile => {
    const { profiles } = all();
    const found = name === null ? [...profiles.values()].find((one) => one.isDefault) : profiles.get(name);
    if (!found) throw new PushrodError('PROFILE_NOT_FOUND', `There is no profile named "${name}".`);
    return found;
  };

  return {
    list: () => [...all().profiles.values()].sort((a, b) => a.name.localeCompare(b.name)),
    get,
    set(name, given) {
      upsert.run(name, JSON.stringify(given));
      changed();
      return get(name);
    },
    remove(name) {
      inTransaction(database, () => {
        const found = get(name);
        if (found.isPreset) throw new PushrodError('CONFLICT', `"${name}" is a preset and stays.`);
        const hasPreset = name in presets;
        if (!hasPreset && found.isDefault) {
          throw new PushrodError('CONFLICT', `"${name}" is the default profile; make another one the default first.`);
        }
        forget.run(name);
      });
      changed();
    },
    setDefault(name) {
      chosenDefault.set(get(name).name);
      changed();
    },
    credentialsNamed: () => all().credentials,
  };
}
