import { z } from 'zod';
import { httpProfile } from './http-profile.ts';

export const profileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'a name holds letters, digits, "." "_" and "-" only, at most 100');

const command = z.string().trim().min(1, 'command is empty; leave the field out instead').max(4_096);

const defaultRemotePath = '/tmp/{firmware.fileName}';

/** Fields of which only SSH knows something, and what they are where nothing is said. */
const sshOnly = {
  method: 'auto',
  remotePath: defaultRemotePath,
  verifyCommand: undefined,
  activateCommand: undefined,
} as const;

const fields = z.strictObject({
  transport: z.enum(['ssh', 'http']).default('ssh'),
  /** TCP port used where the device's address names none; when left out, that of the transport. */
  port: z.int().min(1).max(65535).optional(),
  /** User on the device; when left out, the credential's own. */
  username: z.string().min(1).max(200).optional(),
  /** Name of a stored credential; when left out and just one is stored, that one. */
  credential: profileName.optional(),
  /** `auto` takes SFTP, and the device's shell where there is no SFTP subsystem; `exec` the shell at once. */
  method: z.enum(['auto', 'sftp', 'exec']).default('auto'),
  /** Where the file goes on the device. */
  remotePath: z.string().min(1).max(4_096).default(defaultRemotePath),
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
    })
    .prefault({}),
  /** How the device takes firmware over HTTP; only with that transport. */
  http: httpProfile.optional(),
});

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

export const namedProfile = z.object({ name: profileName, isDefault: z.boolean(), isPreset: z.boolean(), profile });
export type NamedProfile = z.infer<typeof namedProfile>;

/** The TCP port of a device whose address names none. */
export function portOf({ transport, port, http }: Profile): number {
  if (port !== undefined) return port;
  if (transport === 'ssh') return 22;
  return http?.tls ? 443 : 80;
}
