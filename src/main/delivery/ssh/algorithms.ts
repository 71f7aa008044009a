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

const keyExchanges = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group15-sha512',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group17-sha512',
  'diffie-hellman-group18-sha512',
] as const;

const macs = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
] as const;

const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/** What dropbear before 2013 and routers of that time speak (RFC 8758, 9142 say why not to). Last, so that it is taken only in need. */
const legacy = {
  ciphers: ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'],
  keyExchanges: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  macs: ['hmac-sha1-etm@openssh.com', 'hmac-sha1', 'hmac-sha1-96', 'hmac-md5', 'hmac-md5-96'],
  hostKeys: ['ssh-rsa', 'ssh-dss'],
} as const;

/** Keys of type ssh-rsa sign with SHA-2 (RFC 8332). */
const keyTypeFor = (algorithm: string) => (algorithm.startsWith('rsa-sha2') ? 'ssh-rsa' : algorithm);

/** The algorithms offered; host key types that are known already come first, as in ssh(1). */
export function algorithms(knownHostKeyTypes: readonly string[], isLegacy: boolean): Algorithms {
  const isKnown = (algorithm: string) => knownHostKeyTypes.includes(keyTypeFor(algorithm));
  const offered = isLegacy ? [...hostKeys, ...legacy.hostKeys] : [...hostKeys];
  return {
    kex: isLegacy ? [...keyExchanges, ...legacy.keyExchanges] : [...keyExchanges],
    cipher: isLegacy ? [...ciphers, ...legacy.ciphers] : [...ciphers],
    hmac: isLegacy ? [...macs, ...legacy.macs] : [...macs],
    serverHostKey: [...offered.filter(isKnown), ...offered.filter((algorithm) => !isKnown(algorithm))],
  };
}
