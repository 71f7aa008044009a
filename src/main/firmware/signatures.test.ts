import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { has, makeFile, makeMinisignKey, temporaryDir } from '../../../test/harness/index.ts';
import { openDataFolder, systemClock } from '../data/index.ts';
import { createFirmwareStore, createSigners, type FirmwareStore, type Signers } from './index.ts';
import { readPublicKey, readSignature } from './minisign.ts';

const withMinisign = describe.skipIf(!has('minisign'));

withMinisign('firmware that minisign signed', () => {
  let dir: string;
  let file: string;
  let signers: Signers;
  let store: FirmwareStore;

  beforeEach(() => {
    dir = temporaryDir();
    file = join(dir, 'fw-1.0.bin');
    makeFile(file, 3_000_000);
    const folder = openDataFolder(join(dir, 'data'));
    onTestFinished(() => folder.close());
    signers = createSigners(folder.database, () => undefined);
    store = createFirmwareStore(folder.database, folder.firmwareDir, systemClock, signers, () => undefined);
  });
  const key = (name = 'maker') => makeMinisignKey(dir, name);
  const read = (path: string) => readFileSync(path, 'utf8');

  it.each(['prehashed', 'plain'] as const)('is known as its signer’s (%s)', async (kind) => {
    const maker = key();
    const { keyId } = signers.add({ name: 'maker', publicKey: maker.publicKey });
    expect(maker.publicKey).toContain(keyId);
    const signature = read(maker.sign(file, 'fw 1.0, tested', kind));
    const added = await store.addPath(file, { version: '1.0', signature });
    expect(added.signature).toEqual({ keyId, signer: 'maker', trustedComment: 'fw 1.0, tested' });
    expect(store.get(added.sha256)).toEqual(added);
  });

  it('is not taken with a signature of other bytes, and nothing of it stays', async () => {
    const maker = key();
    signers.add({ name: 'maker', publicKey: maker.publicKey });
    for (const kind of ['prehashed', 'plain'] as const) {
      const signature = read(maker.sign(file, 'fw', kind));
      const changed = join(dir, 'changed.bin');
      const bytes = readFileSync(file);
      bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
      writeFileSync(changed, bytes);
      await expect(store.addPath(changed, { signature })).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    }
    expect(store.list()).toEqual([]);
  });

  it('is not taken with a trusted comment that was changed', async () => {
    const maker = key();
    signers.add({ name: 'maker', publicKey: maker.publicKey });
    const signature = read(maker.sign(file, 'for the old boards')).replace('old', 'new');
    await expect(store.addPath(file, { signature })).rejects.toThrow('its trusted comment was changed');
  });

  it('is not taken from a stranger, and is once the key is trusted; a signer that is removed is one no more', async () => {
    const maker = key();
    const signature = read(maker.sign(file));
    const { sha256 } = await store.addPath(file, {});
    await expect(store.sign(sha256, signature)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(store.get(sha256).signature).toBeNull();
    signers.add({ name: 'maker', publicKey: maker.publicKey.split('\n')[1] ?? '' });
    expect((await store.sign(sha256, signature)).signature).toMatchObject({ signer: 'maker' });
    signers.remove('maker');
    expect(store.get(sha256).signature).toMatchObject({ signer: null });
    signers.add({ name: 'the maker', publicKey: maker.publicKey });
    expect(store.list()[0]?.signature).toMatchObject({ signer: 'the maker' });
  });

  it('needs signers with names and keys of their own', () => {
    const maker = key();
    signers.add({ name: 'maker', publicKey: maker.publicKey });
    expect(() => signers.add({ name: 'other', publicKey: maker.publicKey })).toThrow(
      '"maker" has this name or this key',
    );
    expect(() => signers.add({ name: 'maker', publicKey: key('other').publicKey })).toThrow('"maker" has this name');
    expect(() => signers.remove('nobody')).toThrow(expect.objectContaining({ code: 'SIGNER_NOT_FOUND' }));
  });
});

it.each([
  ['no base64', 'hello'],
  ['a secret key', 'RWRTY0IyAAAA'],
  ['nothing', ' '],
])('%s is no public key', (_, text) => {
  expect(() => readPublicKey(text)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', details: [expect.objectContaining({ field: 'publicKey' })] }),
  );
});

it.each([
  ['an empty file', ''],
  ['one line', 'untrusted comment: x'],
  [
    'another algorithm',
    `untrusted comment: x\n${Buffer.alloc(74, 65).toString('base64')}\ntrusted comment: y\n${Buffer.alloc(64).toString('base64')}`,
  ],
])('%s is no signature', (_, text) => {
  expect(() => readSignature(text)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', details: [expect.objectContaining({ field: 'signature' })] }),
  );
});
