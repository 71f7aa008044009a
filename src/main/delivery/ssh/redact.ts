import type { Login } from '../../credentials/index.ts';

/** Text without the secrets of logins, which a device or a command may repeat. */
export function redact(logins: readonly Pick<Login, 'secret'>[], text: string): string {
  return logins
    .flatMap(({ secret }) => secretsOf(secret))
    .reduce<string>((cleared, one) => (one ? cleared.replaceAll(one, '•••') : cleared), text);
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
