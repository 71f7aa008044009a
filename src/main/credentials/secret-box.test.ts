import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretBox } from './index.ts';

let dir: string;
let keyFile: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pushrod-box-'));
  keyFile = join(dir, 'secret.key');
});
afterEach(() => rmSync(dir, { recursive: true }));

const unreadable = (message: RegExp) =>
  expect.objectContaining({ code: 'SECRET_UNREADABLE', message: expect.stringMatching(message) });

it('makes its key once, whole, for its user only, and leaves nothing beside it', () => {
  const sealed = createSecretBox(keyFile, undefined).seal('hush');
  expect(createSecretBox(keyFile, undefined).open(sealed)).toBe('hush');
  expect(readdirSync(dir)).toEqual(['secret.key']);
  expect(statSync(keyFile)).toMatchObject({ size: 32, mode: 0o100600 });
});

describe.each([
  ['the key', undefined, 'secret.key'],
  ['the salt of a passphrase', 'open sesame', 'secret.key.salt'],
])('%s', (_, passphrase, name) => {
  it.each([0, 31, 33])('is refused when its file holds %i bytes, and stays as it is', (bytes) => {
    const sealed = createSecretBox(keyFile, passphrase).seal('hush');
    const file = join(dir, name);
    if (bytes > 32) writeFileSync(file, Buffer.alloc(bytes));
    else truncateSync(file, bytes);
    const box = createSecretBox(keyFile, passphrase);
    const said = unreadable(new RegExp(`${name} is damaged.*${bytes} bytes.*from a backup`));
    expect(() => box.seal('hush')).toThrowError(said);
    expect(() => box.open(sealed)).toThrowError(said);
    expect(statSync(file).size).toBe(bytes);
  });
});
