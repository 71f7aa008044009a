import { z } from 'zod';

/**
 * What happens with a host key that is not known yet. A changed key is refused under each of them.
 * `ask`: the push stops with the fingerprint, so that a person can trust it and go on.
 */
export const hostKeyPolicy = z.enum(['ask', 'accept-new', 'strict']);
export type HostKeyPolicy = z.infer<typeof hostKeyPolicy>;

export const hostKey = z.object({
  /** As in known_hosts (sshd(8)): `host`, or `[host]:port` when the port is not 22. */
  host: z.string(),
  keyType: z.string(),
  /** `SHA256:…` in unpadded base64, as `ssh-keygen -l` prints it. */
  fingerprint: z.string(),
});
export type HostKey = z.infer<typeof hostKey>;
