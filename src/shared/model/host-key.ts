import { z } from 'zod';

/**
 * What happens with a host key that is not known yet. A changed key is refused under each of them.
 * `ask`: the push stops with the fingerprint, so that a person can trust it and go on.
 */
export const hostKeyPolicy = z.enum(['ask', 'accept-new', 'strict']);
export type HostKeyPolicy = z.infer<typeof hostKeyPolicy>;

/** The name a device's host key is known by instead of its address: `HostKeyAlias` of ssh_config(5). */
export const hostKeyAlias = z
  .string('an alias is a text')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/,
    'an alias holds letters, digits, ".", "_", ":" and "-" only, at most 200',
  );

export const hostKey = z.object({
  /** As in known_hosts (sshd(8)): `host`, or `[host]:port` when the port is not 22; patterns and hashed names as they are. */
  host: z.string(),
  keyType: z.string(),
  /** `SHA256:…` in unpadded base64, as `ssh-keygen -l` prints it. */
  fingerprint: z.string(),
  /** `revoked`: never trusted. `cert-authority`: kept for OpenSSH; Pushrod trusts nothing by it. */
  marker: z.enum(['revoked', 'cert-authority']).nullable(),
});
export type HostKey = z.infer<typeof hostKey>;

/** How many lines of a known_hosts are new here, and how many were here already. */
export const hostsImported = z.object({ added: z.int(), unchanged: z.int() });
export type HostsImported = z.infer<typeof hostsImported>;
