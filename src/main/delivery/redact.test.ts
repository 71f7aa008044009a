import { expect, it } from 'vitest';
import { redact } from './redact.ts';

const password = { secret: { kind: 'password', password: 'pass.word' } } as const;
const key = { secret: { kind: 'key', privateKey: '-----BEGIN\nkey\nEND-----\n', passphrase: 'open sesame' } } as const;

it('takes every secret of the logins out of what a device said', () => {
  expect(redact([password], 'login pass.word, again: pass.word; password')).toBe('login •••, again: •••; password');
  expect(redact([password, key], '-----BEGIN\nkey\nEND----- open sesame pass.word')).toBe('••• ••• •••');
});

it('leaves nothing of a secret that begins with another one', () => {
  const longer = { secret: { kind: 'password', password: 'pass.word.2026' } } as const;
  expect(redact([password, longer], 'said pass.word.2026')).toBe('said •••');
});

it('leaves text alone where there is no secret', () => {
  expect(redact([{ secret: { kind: 'password', password: '' } }, { secret: { kind: 'agent' } }], 'text')).toBe('text');
});
