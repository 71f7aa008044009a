import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NewCredential, profile } from '../../shared/model/index.ts';
import { type DataFolder, openDataFolder, systemClock } from '../data/index.ts';
import { createCredentialStore, createSecretBox, openPrivateKey } from './index.ts';

let dataDir: string;
let folder: DataFolder;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pushrod-credentials-'));
  folder = openDataFolder(dataDir);
});
afterEach(() => {
  folder.close();
  rmSync(dataDir, { recursive: true });
});

const store = (passphrase?: string) =>
  createCredentialStore(folder.database, createSecretBox(folder.secretKeyFile, passphrase), systemClock);
const password = (name: string): NewCredential => ({
  name,
  username: name,
  secret: { kind: 'password', password: 'correct horse' },
});
const none = new Set<string>();
const failsWith = (code: string) => expect.objectContaining({ code });

function makeKey(...options: string[]): { privateKey: string; fingerprint: string } {
  const file = join(dataDir, 'key');
  execFileSync('ssh-keygen', ['-q', '-f', file, ...options]);
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ');
  return { privateKey: readFileSync(file, 'utf8'), fingerprint };
}

it('gives secrets to a delivery and to nobody else', () => {
  const shown = store().add(password('bench'));
  expect(JSON.stringify([shown, store().list()])).not.toContain('correct');
  expect(store().loginsFor(profile.parse({ credential: 'bench' }), none)).toEqual([
    {
      credential: 'bench',
      username: 'bench',
      secret: { kind: 'password', password: 'correct horse' },
    },
  ]);
});

it('keeps no secret readable in the data folder', () => {
  store().add(password('bench'));
  folder.database.pragma('wal_checkpoint(TRUNCATE)');
  expect(readFileSync(join(dataDir, 'pushrod.db')).includes('correct horse')).toBe(false);
  expect(statSync(folder.secretKeyFile).mode & 0o077).toBe(0);
});

it('opens nothing without the passphrase it was sealed under', () => {
  store('open sesame').add(password('bench'));
  expect(existsSync(folder.secretKeyFile)).toBe(false);
  const chosen = profile.parse({ credential: 'bench' });
  expect(store('open sesame').loginsFor(chosen, none)[0]?.username).toBe('bench');
  expect(() => store('wrong').loginsFor(chosen, none)).toThrowError(failsWith('SECRET_UNREADABLE'));
  expect(() => store().loginsFor(chosen, none)).toThrowError(failsWith('SECRET_UNREADABLE'));
});

describe('a private key', () => {
  it('is labelled with the fingerprint ssh-keygen prints', () => {
    const { privateKey, fingerprint } = makeKey('-t', 'ed25519', '-N', '');
    const added = store().add({ name: 'k', username: 'root', secret: { kind: 'key', privateKey } });
    expect(added).toMatchObject({ kind: 'key', fingerprint });
  });

  it.each([
    ['rsa', 'PEM'],
    ['rsa', 'PKCS8'],
    ['ecdsa', 'PKCS8'],
    ['ed25519', 'RFC4716'],
  ])('needs its passphrase when it is encrypted: %s, %s', (type, form) => {
    const { privateKey, fingerprint } = makeKey('-t', type, '-m', form, '-N', 'open sesame');
    const add = (passphrase?: string) =>
      store().add({ name: 'k', username: 'root', secret: { kind: 'key', privateKey, passphrase } });
    expect(() => add()).toThrowError(failsWith('INVALID_INPUT'));
    expect(() => add('wrong')).toThrowError(failsWith('INVALID_INPUT'));
    expect(add('open sesame').fingerprint).toBe(fingerprint);
  });

  it('is refused when it is something else', () => {
    const add = () => store().add({ name: 'k', username: 'root', secret: { kind: 'key', privateKey: 'hello' } });
    expect(add).toThrowError(failsWith('INVALID_INPUT'));
    expect(store().list()).toEqual([]);
  });
});

it('keeps no passphrase, and a key that needs none', () => {
  const { privateKey } = makeKey('-t', 'ed25519', '-N', 'open sesame');
  store().add({ name: 'k', username: 'root', secret: { kind: 'key', privateKey, passphrase: 'open sesame' } });
  const [login] = store().loginsFor(profile.parse({ credential: 'k' }), none);
  expect(JSON.stringify(login)).not.toContain('open sesame');
  expect(openPrivateKey(login?.secret as { privateKey: string }).publicKey).toBeInstanceOf(Buffer);
});

it('keeps of an agent only that it is one', () => {
  const shown = store().add({ name: 'a', username: 'root', secret: { kind: 'agent' } });
  expect(shown).toMatchObject({ kind: 'agent', fingerprint: null });
  expect(store().login('a')).toEqual({ credential: 'a', username: 'root', secret: { kind: 'agent' } });
});

it('gives several logins in the order of the profile', () => {
  for (const name of ['one', 'two', 'three']) store().add(password(name));
  const chosen = profile.parse({ credential: ['three', 'one'] });
  expect(
    store()
      .loginsFor(chosen, none)
      .map(({ credential }) => credential),
  ).toEqual(['three', 'one']);
  expect(() => store().loginsFor(profile.parse({ credential: ['one', 'four'] }), none)).toThrowError(/named "four"/);
});

describe('a profile that names no credential', () => {
  const unnamed = profile.parse({});

  it('gets the only one there is', () => {
    expect(() => store().loginsFor(unnamed, none)).toThrowError(/none is stored yet/);
    store().add(password('one'));
    expect(store().loginsFor(unnamed, none)[0]?.username).toBe('one');
  });

  it('never gets one that is for the devices of another profile', () => {
    store().add(password('one'));
    expect(() => store().loginsFor(unnamed, new Set(['one']))).toThrowError(/devices of other profiles/);
    expect(() => store().loginsFor(unnamed, new Set(['one']))).toThrowError(failsWith('CREDENTIAL_NOT_FOUND'));
  });

  it('gets the only one no other profile names', () => {
    store().add(password('one'));
    store().add(password('two'));
    expect(() => store().loginsFor(unnamed, none)).toThrowError(/several are stored/);
    expect(store().loginsFor(unnamed, new Set(['one']))[0]?.username).toBe('two');
  });

  it('may still say the user name', () => {
    store().add(password('one'));
    expect(store().loginsFor(profile.parse({ username: 'admin' }), none)[0]?.username).toBe('admin');
  });
});

it('misses a credential by name', () => {
  expect(() => store().remove('x')).toThrowError(failsWith('CREDENTIAL_NOT_FOUND'));
  expect(() => store().loginsFor(profile.parse({ credential: 'x' }), none)).toThrowError(
    failsWith('CREDENTIAL_NOT_FOUND'),
  );
});
