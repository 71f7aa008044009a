import { z } from 'zod';
import { httpProfile } from './http-profile.ts';
import { hopsOf, jumpHost } from './jump-host.ts';
import { rateLimit } from './limits.ts';
import { pattern } from './pattern.ts';
import { profileName } from './profile-name.ts';

const command = z.string().trim().min(1, 'command is empty; leave the field out instead').max(4_096);

const defaultRemotePath = '/tmp/{firmware.fileName}';

const fields = z.strictObject({
  transport: z.enum(['ssh', 'http']).default('ssh'),
  /** TCP port used where the device's address names none; when left out, that of the transport. */
  port: z.int().min(1).max(65535).optional(),
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
  remotePath: z.string().min(1).max(4_096).default(defaultRemotePath),
  /** Prints the version the device runs. It is read before the push and, where something is activated, confirmed after. */
  versionCommand: command.optional(),
  /** What of its output is the version: the first group, else the whole match. When left out, the first line. */
  versionPattern: pattern.optional(),
  /** Runs before anything is sent; a non-zero exit fails the device. */
  preflightCommand: command.optional(),
  /** `auto` sends only what differs from firmware of the library that the device still holds. */
  delta: z.enum(['auto', 'off']).default('auto'),
  /** `auto` compresses (gzip) what shrinks much, where the link turns out to be slow. */
  compress: z.enum(['auto', 'off']).default('auto'),
  /** Mode the file gets before it is moved to its final path, in octal digits (chmod(1)); the device's own when left out. */
  fileMode: z
    .string()
    .regex(/^0?[0-7]{3,4}$/, 'a mode is three or four octal digits, such as "0644"')
    .optional(),
  /** Owner, and group where it is given, that the file gets likewise: names or numbers, as in chown(1). */
  fileOwner: z
    .string()
    .regex(/^\w[\w.-]{0,31}(:\w[\w.-]{0,31})?$/, 'an owner is a user or user:group, such as "root:root" or "0:0"')
    .optional(),
  /** Runs after the hash was confirmed; a non-zero exit fails the device before activation. */
  verifyCommand: command.optional(),
  /** Runs last, and only after the device's own SHA-256 of the file at its final path agreed. */
  activateCommand: command.optional(),
  /** The device reboots to activate: its connection may end then, and it is waited for. */
  rebootExpected: z.boolean().default(false),
  /** How long a device may take, from its activation, to come back and report the new version. */
  confirmTimeoutMs: z.int().min(100).max(86_400_000).optional(),
  /** Runs when the activation failed or the new version was not confirmed. */
  rollbackCommand: command.optional(),
  /** Whether devices take only firmware that is signed by somebody who is trusted. */
  requireSignature: z.boolean().default(false),
  /** What one device may take at most, payload bytes a second. */
  rateLimitBytesPerSecond: rateLimit.optional(),
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
  /** How the device takes firmware over HTTP; only with that transport. */
  http: httpProfile.optional(),
});

/** Fields that both transports know, and HTTP's own. */
type CommonField =
  | 'transport'
  | 'port'
  | 'username'
  | 'credential'
  | 'rebootExpected'
  | 'requireSignature'
  | 'confirmTimeoutMs'
  | 'rateLimitBytesPerSecond'
  | 'timeouts'
  | 'http';

/** Fields of which only SSH knows something, and what they are where nothing is said. */
const sshOnly = {
  method: 'auto',
  remotePath: defaultRemotePath,
  delta: 'auto',
  compress: 'auto',
  jumpHost: undefined,
  legacyAlgorithms: false,
  fileMode: undefined,
  fileOwner: undefined,
  versionCommand: undefined,
  versionPattern: undefined,
  preflightCommand: undefined,
  verifyCommand: undefined,
  activateCommand: undefined,
  rollbackCommand: undefined,
} as const satisfies Record<Exclude<keyof z.infer<typeof fields>, CommonField>, unknown>;

/** How a kind of device is updated. Placeholders such as `{firmware.fileName}` are filled in for each device. */
export const profile = fields
  .overwrite((value) => (value.transport === 'http' ? { ...value, http: value.http ?? httpProfile.parse({}) } : value))
  .check(({ value, issues }) => {
    const refuse = (field: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [field], message });
    if (value.transport === 'ssh') {
      if (value.http) refuse('http', 'has no meaning over SSH; set "transport" to "http"');
      return;
    }
    for (const [field, unset] of Object.entries(sshOnly)) {
      if (value[field as keyof typeof sshOnly] !== unset) refuse(field, 'has no meaning over HTTP; leave it out');
    }
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

/** The TCP port of a device whose address names none. */
export function portOf({ transport, port, http }: Profile): number {
  if (port !== undefined) return port;
  if (transport === 'ssh') return 22;
  return http?.tls ? 443 : 80;
}
