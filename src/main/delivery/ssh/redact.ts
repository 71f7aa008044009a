import type { Login } from '../../credentials/index.ts';

/** Text without the secrets of a login, which a device or a command may repeat. */
export function redact({ secret }: Login, text: string): string {
  const secrets = secret.kind === 'password' ? [secret.password] : [secret.privateKey.trim(), secret.passphrase];
  return secrets.reduce<string>((cleared, one) => (one ? cleared.replaceAll(one, '•••') : cleared), text);
}
