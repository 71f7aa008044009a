import type { Algorithms } from 'ssh2';

/** AES-GCM first: it is the fastest where the CPU has AES (bench/RESULTS.md). */
const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
] as const;

const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/** Keys of type ssh-rsa sign with SHA-2 (RFC 8332). */
const keyTypeFor = (algorithm: string) => (algorithm.startsWith('rsa-sha2') ? 'ssh-rsa' : algorithm);

/** The algorithms offered; host key types that are known already come first, as in ssh(1). */
export function algorithms(knownHostKeyTypes: readonly string[]): Algorithms {
  const isKnown = (algorithm: string) => knownHostKeyTypes.includes(keyTypeFor(algorithm));
  return {
    cipher: [...ciphers],
    serverHostKey: [...hostKeys.filter(isKnown), ...hostKeys.filter((algorithm) => !isKnown(algorithm))],
  };
}
