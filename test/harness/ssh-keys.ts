import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SshKey {
  file: string;
  passphrase: string;
  publicKey: string;
  /** `SHA256:…`, as ssh-keygen(1) prints it. */
  fingerprint: string;
}

/** Makes a key with ssh-keygen, an Ed25519 one by default; without a passphrase it is not encrypted. */
export function makeSshKey(dir: string, name: string, passphrase = '', options = ['-t', 'ed25519']): SshKey {
  const file = join(dir, name);
  execFileSync('ssh-keygen', ['-q', ...options, '-N', passphrase, '-f', file]);
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ');
  return { file, passphrase, publicKey: readFileSync(`${file}.pub`, 'utf8'), fingerprint };
}
