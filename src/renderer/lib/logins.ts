import { type Credential, credentialsNamedBy, credentialsOf, type NamedProfile } from '../../shared/model/index.ts';

/** With which login the devices of some profiles are pushed to. */
export interface LoginUse {
  /** Names of the profiles; the first stands for all. */
  profiles: [NamedProfile, ...NamedProfile[]];
  /** The name under which the login is stored, or will be. */
  name: string;
  /** `undefined` when nothing is stored under that name: then it has to be stored before a push. */
  credential: Credential | undefined;
  /** More than one that could be meant, because the profile names none: a person has to say which. */
  candidates: Credential[];
}

/** The name of a login that no profile asks for by another. */
const commonName = 'default';

/**
 * The logins that profiles will use, by the rule of the core: the one a profile names, else the only one that no other
 * profile has named for itself.
 * @param used profiles of devices; `null` is the default one
 */
export function loginsOf(
  used: Iterable<string | null>,
  profiles: readonly NamedProfile[],
  credentials: readonly Credential[],
): LoginUse[] {
  const claimed = new Set(profiles.flatMap(({ profile }) => credentialsNamedBy(profile)));
  const free = credentials.filter(({ name }) => !claimed.has(name));
  const uses = new Map<string, LoginUse>();
  for (const wanted of new Set(used)) {
    const found = profiles.find(({ name, isDefault }) => (wanted === null ? isDefault : name === wanted));
    if (!found) continue;
    for (const named of namedBy(found)) {
      const candidates = named === undefined && free.length > 1 ? free : [];
      const name = named ?? (free.length === 1 ? free[0]?.name : undefined) ?? commonName;
      const credential = candidates.length > 0 ? undefined : credentials.find((one) => one.name === name);
      // A profile may give a user of its own for the same secret.
      const key = `${name} ${found.profile.username} ${candidates.length > 0 ? found.name : ''}`;
      const use = uses.get(key);
      if (!use) uses.set(key, { profiles: [found], name, credential, candidates });
      else if (!use.profiles.includes(found)) use.profiles.push(found);
    }
  }
  return [...uses.values()];
}

/** The user a login is used as: a profile may name another one than the login's own. */
export function userOf({ profiles, credential }: LoginUse): string | undefined {
  return profiles[0].profile.username ?? credential?.username;
}

/** The credentials a profile names; one without a name stands for whichever is free. */
function namedBy({ profile }: NamedProfile): (string | undefined)[] {
  const named = credentialsOf(profile);
  return named.length === 0 ? [undefined] : named;
}
