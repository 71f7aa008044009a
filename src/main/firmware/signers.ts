import { PushrodError } from '../../shared/errors.ts';
import { type NewSigner, type Signer, signer } from '../../shared/model/index.ts';
import { createSetting, type Database } from '../data/index.ts';
import { type PublicKey, readPublicKey } from './minisign.ts';

/** Whose signatures of firmware are trusted on this laptop. */
export interface Signers {
  list(): Signer[];
  /** @throws PushrodError `INVALID_INPUT`; `CONFLICT` for a name or a key that is there already */
  add(given: NewSigner): Signer;
  /** What they signed counts as unsigned from now on. @throws PushrodError `SIGNER_NOT_FOUND` */
  remove(name: string): void;
  /** @throws PushrodError `SIGNATURE_INVALID` where nobody with that key is trusted */
  keyOf(keyId: string): PublicKey;
  /** Who has a public key, given as its line. */
  nameOf(publicKey: string): string | undefined;
}

export function createSigners(database: Database, onChange: () => void): Signers {
  const setting = createSetting(database, 'signers');
  let signers = signer.array().parse(JSON.parse(setting.get() ?? '[]'));
  const write = (changed: Signer[]) => {
    setting.set(JSON.stringify(changed));
    signers = changed;
    onChange();
  };
  return {
    list: () => signers,
    add({ name, publicKey }) {
      const { keyId, line } = readPublicKey(publicKey);
      const same = signers.find((one) => one.name === name || one.publicKey === line);
      if (same) throw new PushrodError('CONFLICT', `The signer "${same.name}" has this name or this key already.`);
      const added = { name, keyId, publicKey: line };
      write([...signers, added].sort((one, other) => one.name.localeCompare(other.name)));
      return added;
    },
    remove(name) {
      const rest = signers.filter((one) => one.name !== name);
      if (rest.length === signers.length) throw new PushrodError('SIGNER_NOT_FOUND', `There is no signer "${name}".`);
      write(rest);
    },
    keyOf(keyId) {
      const found = signers.find((one) => one.keyId === keyId);
      if (found) return readPublicKey(found.publicKey);
      const message = `It was signed with the key ${keyId}, whose owner is not among the trusted signers.`;
      throw new PushrodError('SIGNATURE_INVALID', message, [{ field: 'signature', message: 'is by a stranger' }]);
    },
    nameOf: (publicKey) => signers.find((one) => one.publicKey === publicKey)?.name,
  };
}
