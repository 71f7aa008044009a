import { z } from 'zod';
import { profileName } from './profile-name.ts';
import { timestamp } from './timestamp.ts';

/** A secret on its way in. It never comes out again. */
export const newCredential = z.strictObject({
  name: profileName,
  username: z.string().min(1, 'user name is empty').max(200),
  secret: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('password'), password: z.string().max(4_096) }),
    z.strictObject({
      kind: z.literal('key'),
      /** PEM or OpenSSH private key, as text. */
      privateKey: z.string().max(64 * 1024),
      passphrase: z.string().max(4_096).optional(),
    }),
    /** The keys of the SSH agent that runs beside Pushrod. */
    z.strictObject({ kind: z.literal('agent') }),
  ]),
});
export type NewCredential = z.infer<typeof newCredential>;
export type Secret = NewCredential['secret'];

/** How a credential shows who it is. */
export const credentialKind = z.enum(['password', 'key', 'agent']);
export type CredentialKind = z.infer<typeof credentialKind>;

/** All of a credential that leaves the main side. */
export const credential = z.object({
  name: profileName,
  username: z.string(),
  kind: credentialKind,
  /** `SHA256:…` of the public key (RFC 4253 6.6, as `ssh-keygen -l` prints it); `null` for a password and an agent. */
  fingerprint: z.string().nullable(),
  createdAt: timestamp,
});
export type Credential = z.infer<typeof credential>;
