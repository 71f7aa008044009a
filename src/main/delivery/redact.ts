import type { Login } from '../credentials/index.ts';

/** Text without the secrets of logins, and without `further` ones, which a device or a command may repeat. */
export function redact(
  logins: readonly Pick<Login, 'secret'>[],
  text: string,
  further: readonly (string | undefined)[] = [],
): string {
  const secrets = [...logins.flatMap(({ secret }) => secretsOf(secret)), ...further].filter((one) => one !== undefined);
  // Of a secret that begins with another one, nothing may be left over.
  const longestFirst = secrets.filter((one) => one !== '').sort((a, b) => b.length - a.length);
  return longestFirst.reduce((cleared, one) => cleared.replaceAll(one, '•••'), text);
}

function secretsOf(secret: Login['secret']): (string | undefined)[] {
  switch (secret.kind) {
    case 'password':
      return [secret.password];
    case 'key':
      return [secret.privateKey.trim(), secret.passphrase];
    case 'agent':
      return [];
  }
}
