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

/** Makes an Ed25519 key with ssh-keygen; without a passphrase it is not encrypted. */
export function makeSshKey(dir: string, name: string, passphrase = ''): SshKey {
  const file = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file]);
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ');
  return { file, passphrase, publicKey: readFileSync(`${file}.pub`, 'utf8'), fingerprint };
}
