import { z } from 'zod';
import { hopsOf, jumpHost } from './jump-host.ts';
import { profileName } from './profile-name.ts';

const command = z.string().trim().min(1, 'command is empty; leave the field out instead').max(4_096);

/** How a kind of device is updated. Placeholders such as `{firmware.fileName}` are filled in for each device. */
export const profile = z.strictObject({
  transport: z.literal('ssh').default('ssh'),
  /** TCP port used where the device's address names none. */
  port: z.int().min(1).max(65535).default(22),
  /** User on the device; when left out, the credential's own. */
  username: z.string().min(1).max(200).optional(),
  /**
   * Name of a stored credential, or several that are tried in this order; when left out and just one is stored, that
   * one.
   */
  credential: z.union([profileName, z.array(profileName).min(1, 'name at least one credential').max(8)]).optional(),
  /** The hosts that lead to the device. */
  jumpHost: jumpHost.optional(),
  /** Also speaks the algorithms of old devices, which are broken or weak: SHA-1, CBC, 1024-bit Diffie-Hellman. */
  legacyAlgorithms: z.boolean().default(false),
  /** `auto` takes SFTP, and the device's shell where there is no SFTP subsystem; `exec` the shell at once. */
  method: z.enum(['auto', 'sftp', 'exec']).default('auto'),
  /** Where the file goes on the device. */
  remotePath: z.string().min(1).max(4_096).default('/tmp/{firmware.fileName}'),
  /** Runs after the hash was confirmed; a non-zero exit fails the device before activation. */
  verifyCommand: command.optional(),
  /** Runs last, and only after the device's own SHA-256 of the file at its final path agreed. */
  activateCommand: command.optional(),
  timeouts: z
    .strictObject({
      connectMs: z.int().min(100).max(600_000).default(15_000),
      commandMs: z.int().min(100).max(86_400_000).default(120_000),
      /** Longest silence while bytes are being sent, not the length of the transfer. */
      transferMs: z.int().min(100).max(86_400_000).default(60_000),
      /** How often a silent device is asked for a sign of life; three that fail to come end the connection. */
      keepaliveMs: z.int().min(100).max(600_000).default(10_000),
    })
    .prefault({}),
});
export type Profile = z.infer<typeof profile>;

/** Names of the credentials a profile names for its devices, in the order they are tried. */
export function credentialsOf({ credential = [] }: Pick<Profile, 'credential'>): string[] {
  return [credential].flat();
}

/** Names of all credentials a profile names, those of its jump hosts too: they are for nobody else. */
export function credentialsNamedBy(profile: Pick<Profile, 'credential' | 'jumpHost'>): string[] {
  return [...credentialsOf(profile), ...hopsOf(profile.jumpHost).flatMap(({ credential }) => credential ?? [])];
}

export const namedProfile = z.object({ name: profileName, isDefault: z.boolean(), isPreset: z.boolean(), profile });
export type NamedProfile = z.infer<typeof namedProfile>;
