import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { has, makeSshKey, temporaryDir } from '../../../test/harness/index.ts';
import { randomart, randomartTitle } from './randomart.ts';

describe.runIf(has('sshd'))('the picture of a key', () => {
  const dir = temporaryDir();
  const kinds = [
    ['an Ed25519 key', ['-t', 'ed25519'], 'ED25519 256'],
    ['an ECDSA key', ['-t', 'ecdsa', '-b', '521'], 'ECDSA 521'],
    ['an RSA key', ['-t', 'rsa', '-b', '2048'], 'RSA 2048'],
  ] as const;

  it.each(kinds)('is the one that ssh-keygen draws of %s', (name, options, title) => {
    for (const run of [1, 2, 3, 4]) {
      const key = makeSshKey(dir, `${name}-${run}`, '', [...options]);
      const printed = execFileSync('ssh-keygen', ['-lv', '-f', key.file], { encoding: 'utf8' });
      expect(randomart(key.fingerprint, title)).toBe(printed.trimEnd().split('\n').slice(1).join('\n'));
    }
  });
});

describe('the edge of the picture', () => {
  const fingerprint = `SHA256:${'A'.repeat(43)}`;

  it('drops the last word of a title it has no room for', () => {
    expect(randomart(fingerprint, 'ED25519-CERT 25600').split('\n')[0]).toBe('+-[ED25519-CERT]--+');
    expect(randomart(fingerprint, 'sk-ssh-ed25519@openssh.com').split('\n')[0]).toBe('+-----------------+');
  });

  it.each([
    ['ssh-ed25519', 'ED25519 256'],
    ['ecdsa-sha2-nistp384', 'ECDSA 384'],
    ['ssh-rsa', 'RSA'],
  ])('names %s as %s', (keyType, title) => expect(randomartTitle(keyType)).toBe(title));
});
