import { expect, it } from 'vitest';
import { redact } from './redact.ts';

it('takes every secret of a login out of what a device said', () => {
  const password = { username: 'root', secret: { kind: 'password', password: 'pass.word' } } as const;
  expect(redact(password, 'login pass.word, again: pass.word; password')).toBe('login •••, again: •••; password');
  const key = {
    username: 'root',
    secret: { kind: 'key', privateKey: '-----BEGIN\nkey\nEND-----\n', passphrase: 'open sesame' },
  } as const;
  expect(redact(key, 'a -----BEGIN\nkey\nEND----- b open sesame')).toBe('a ••• b •••');
});

it('leaves text alone where the secret is empty', () => {
  expect(redact({ username: 'root', secret: { kind: 'password', password: '' } }, 'text')).toBe('text');
});
