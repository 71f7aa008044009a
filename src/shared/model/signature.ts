import { z } from 'zod';
import { profileName } from './profile-name.ts';

/** A public key of minisign: the line that begins with `RW`, or the whole of a `.pub` file. */
export const minisignPublicKey = z.string().trim().min(1, 'name the public key').max(4_096);

/** A signature of minisign: the content of a `.minisig` file. */
export const minisignSignature = z.string().min(1, 'the signature is empty').max(16_384);

/** Whose signatures are trusted. */
export const newSigner = z.strictObject({ name: profileName, publicKey: minisignPublicKey });
export type NewSigner = z.infer<typeof newSigner>;

export const signer = z.object({
  name: profileName,
  /** As minisign prints it: hexadecimal digits, without zeros in front. */
  keyId: z.string(),
  /** The line that begins with `RW`. */
  publicKey: z.string(),
});
export type Signer = z.infer<typeof signer>;

/** Who signed a firmware; the bytes were checked against the key. */
export const firmwareSignature = z.object({
  keyId: z.string(),
  /** `null` where the key is not trusted any more. */
  signer: profileName.nullable(),
  /** What the signer says of the file, signed as well. */
  trustedComment: z.string(),
});
export type FirmwareSignature = z.infer<typeof firmwareSignature>;
