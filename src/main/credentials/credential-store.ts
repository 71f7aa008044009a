import { PushrodError } from '../../shared/errors.ts';
import {
  type Credential,
  type CredentialKind,
  credentialsOf,
  type NewCredential,
  type Profile,
  type Secret,
} from '../../shared/model/index.ts';
import type { Clock, Database } from '../data/index.ts';
import { fingerprintOf } from '../hosts/index.ts';
import { openPrivateKey } from './private-key.ts';
import type { SecretBox } from './secret-box.ts';

/** What a delivery needs to log in. It stays on the main side. */
export interface Login {
  /** The credential's name. */
  credential: string;
  username: string;
  secret: Secret;
}

/** Logins for devices. Secrets go in and are opened for a delivery only. */
export interface CredentialStore {
  list(): Credential[];
  /** A credential of the same name is replaced. @throws PushrodError `INVALID_INPUT` for a key that cannot be read */
  add(credential: NewCredential): Credential;
  /** @throws PushrodError `CREDENTIAL_NOT_FOUND` */
  remove(name: string): void;
  /** @throws PushrodError `CREDENTIAL_NOT_FOUND`, `SECRET_UNREADABLE` */
  login(name: string): Login;
  /**
   * The credentials the profile names, in its order; else the only one that is not among `claimed`: what a profile names
   * is for its devices, and no other device is to see it.
   * @throws PushrodError `CREDENTIAL_NOT_FOUND`, also when none can be chosen; `SECRET_UNREADABLE`
   */
  loginsFor(profile: Profile, claimed: ReadonlySet<string>): Login[];
}

interface CredentialRow {
  name: string;
  username: string;
  kind: CredentialKind;
  fingerprint: string | null;
  sealed_secret: Buffer;
  created_at: string;
}

const fromRow = (row: CredentialRow): Credential => ({
  name: row.name,
  username: row.username,
  kind: row.kind,
  fingerprint: row.fingerprint,
  createdAt: row.created_at,
});

/** @param onChange told after each change */
export function createCredentialStore(
  database: Database,
  box: SecretBox,
  clock: Clock,
  onChange: () => void = () => {},
): CredentialStore {
  const rows = database.prepare<[], CredentialRow>('SELECT * FROM credentials ORDER BY name');
  const upsert = database.prepare(`
    INSERT OR REPLACE INTO credentials (name, username, kind, fingerprint, sealed_secret, created_at)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const forget = database.prepare('DELETE FROM credentials WHERE name = ?');

  /** Read and opened once until something changes: a push asks for its logins once for each device. */
  let known: CredentialRow[] | undefined;
  const opened = new Map<CredentialRow, Login>();
  const all = () => {
    known ??= rows.all();
    return known;
  };
  const changed = () => {
    known = undefined;
    opened.clear();
    onChange();
  };
  const get = (name: string): CredentialRow => {
    const row = all().find((one) => one.name === name);
    if (!row) throw new PushrodError('CREDENTIAL_NOT_FOUND', `There is no credential named "${name}".`);
    return row;
  };
  const toLogin = (row: CredentialRow): Login => {
    const found = opened.get(row);
    if (found) return found;
    const secret = JSON.parse(box.open(row.sealed_secret)) as Secret;
    const login = { credential: row.name, username: row.username, secret };
    opened.set(row, login);
    return login;
  };
  const onlyOne = (claimed: ReadonlySet<string>): CredentialRow => {
    const stored = all();
    const free = stored.filter(({ name }) => !claimed.has(name));
    if (free.length === 1 && free[0]) return free[0];
    const found = {
      none: 'none is stored yet',
      claimed: 'those that are stored are for the devices of other profiles',
      several: 'several are stored, and the profile names none of them',
    }[stored.length === 0 ? 'none' : free.length === 0 ? 'claimed' : 'several'];
    throw new PushrodError('CREDENTIAL_NOT_FOUND', `No credential can be chosen: ${found}.`, [
      { field: 'credential', message: 'add a credential, or name one in the profile' },
    ]);
  };

  return {
    list: () => all().map(fromRow),
    add({ name, username, secret }) {
      const key = secret.kind === 'key' ? openPrivateKey(secret) : undefined;
      const fingerprint = key ? fingerprintOf(key.publicKey) : null;
      const kept: Secret = key ? { kind: 'key', privateKey: key.privateKey } : secret;
      const at = new Date(clock.now()).toISOString();
      upsert.run(name, username, secret.kind, fingerprint, box.seal(JSON.stringify(kept)), at);
      changed();
      return fromRow(get(name));
    },
    remove(name) {
      get(name);
      forget.run(name);
      changed();
    },
    login: (name) => toLogin(get(name)),
    loginsFor(profile, claimed) {
      const named = credentialsOf(profile);
      const chosen = named.length === 0 ? [onlyOne(claimed)] : named.map(get);
      return chosen.map(toLogin).map((login) => ({ ...login, username: profile.username ?? login.username }));
    },
  };
}
