import type { Variable } from './inventory.ts';

/** Words in the name of a variable that keeps a secret: `ansible_password`, `enable_pass`, `vault_token`, `apiKey`. */
const secretName =
  /pass(?:word|wd|phrase)?(?=$|[_\d-])|passw|pwd|psk|secret|token|credential|vault|community|(?:api|auth|access|encryption|signing|private)_?key(?!_?(?:file|path))/i;

/** Whether a variable must not leave the inventory. */
export function isSecret(name: string, value: Variable): boolean {
  return secretName.test(name) || (typeof value === 'string' && /\$ANSIBLE_VAULT|-----BEGIN /.test(value));
}
