import { createSecretKey } from 'node:crypto';
import type { Client } from 'ssh2';

/** The parts of ssh2's AES-GCM (`lib/protocol/crypto.js`) that keep a key: for what is sent, and for what comes in. */
interface Protocol {
  _cipher?: { _encSSLName?: string; _encKey?: unknown };
  _decipher?: { _decipherSSLName?: string; _decipherKey?: unknown };
}

const isGcm = (name: string | undefined) => name?.endsWith('-gcm') ?? false;

/**
 * Gives ssh2's ciphers their keys as KeyObjects. ssh2 passes the bytes of the key to Node for every packet, and Node makes
 * a key of them each time, which takes as long as encrypting 32 KiB. ssh2 has no option for it; where it keeps its keys
 * otherwise, nothing is changed.
 */
export function prepareCipherKeys(client: Client): void {
  client.on('handshake', () => {
    const { _cipher: cipher, _decipher: decipher } = (client as unknown as { _protocol?: Protocol })._protocol ?? {};
    if (cipher && isGcm(cipher._encSSLName) && Buffer.isBuffer(cipher._encKey)) {
      cipher._encKey = createSecretKey(cipher._encKey);
    }
    if (decipher && isGcm(decipher._decipherSSLName) && Buffer.isBuffer(decipher._decipherKey)) {
      decipher._decipherKey = createSecretKey(decipher._decipherKey);
    }
  });
}
