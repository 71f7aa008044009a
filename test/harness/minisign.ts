import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minisignPath } from './requirements.ts';

/** A key of minisign(1), without a password. */
export interface MinisignKey {
  /** The content of the `.pub` file, */
  publicKey: string;
  /** and its path. */
  publicKeyFile: string;
  /** Signs a file; `plain` as minisign did before 0.11. Returns the path of the signature. */
  sign(path: string, comment?: string, kind?: 'prehashed' | 'plain'): string;
}

export function makeMinisignKey(dir: string, name: string): MinisignKey {
  const publicKeyFile = join(dir, `${name}.pub`);
  const secretKeyFile = join(dir, `${name}.key`);
  execFileSync(minisignPath, ['-G', '-W', '-p', publicKeyFile, '-s', secretKeyFile]);
  return {
    publicKey: readFileSync(publicKeyFile, 'utf8'),
    publicKeyFile,
    sign(path, comment = 'release', kind = 'prehashed') {
      const signature = `${path}.${kind}.minisig`;
      const legacy = kind === 'plain' ? ['-l'] : [];
      execFileSync(minisignPath, ['-S', ...legacy, '-s', secretKeyFile, '-m', path, '-x', signature, '-t', comment]);
      return signature;
    },
  };
}
