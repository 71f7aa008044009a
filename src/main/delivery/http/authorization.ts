import { PushrodError } from '../../../shared/errors.ts';
import type { HttpSite } from '../delivery.ts';
import { redact } from '../redact.ts';

type Access = Pick<HttpSite, 'auth' | 'login'>;

/**
 * The `Authorization` of every request (RFC 7617, RFC 6750); none where the profile has none.
 * @throws PushrodError `INVALID_INPUT` for a credential that cannot be sent this way
 */
export function authorizationOf({ auth, login }: Access): string | undefined {
  if (auth === 'none') return undefined;
  if (login?.secret.kind !== 'password') throw unusable(`"${auth}" needs a credential with a password, not a key`);
  const { username, secret } = login;
  if (auth === 'basic') {
    if (username.includes(':')) throw unusable('a user name of "basic" cannot hold ":"');
    return `Basic ${Buffer.from(`${username}:${secret.password}`).toString('base64')}`;
  }
  if (!/^[\w.~+/-]+=*$/.test(secret.password)) throw unusable('the password is not a bearer token');
  return `Bearer ${secret.password}`;
}

/** Refuses what could not be sent, before anything starts. @throws PushrodError `INVALID_INPUT` */
export function requireUsableLogin(auth: HttpSite['auth'], login: HttpSite['login']): void {
  authorizationOf({ auth, login });
}

/** What a device echoes is kept with the update: without the secrets it was sent. */
export function withoutSecrets(text: string, access: Access): string {
  const [, sent] = authorizationOf(access)?.split(' ') ?? [];
  return redact(access.login ? [access.login] : [], text, [sent]);
}

function unusable(why: string): PushrodError {
  return new PushrodError('INVALID_INPUT', `The credential cannot be used: ${why}.`, [
    { field: 'credential', message: why },
  ]);
}
