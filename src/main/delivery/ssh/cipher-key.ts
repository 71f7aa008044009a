import { createSecretKey } from 'node:crypto';
import type { Client } from 'ssh2';

/** The part of ssh2's AES-GCM cipher (`lib/protocol/crypto.js`) that encrypts what is sent. */
interface SendingCipher {
  _encSSLName?: string;
  _encKey?: unknown;
}

/**
 * Gives ssh2's cipher its key as a KeyObject. ssh2 passes the bytes of the key to Node for every packet, and Node makes
 * a key of them each time, which takes as long as encrypting 32 KiB. ssh2 has no option for it; where it keeps its key
 * otherwise, nothing is changed.
 */
export function prepareCipherKeys(client: Client): void {
  client.on('handshake', () => {
    const { _protocol: protocol } = client as unknown as { _protocol?: { _cipher?: SendingCipher } };
    const cipher = protocol?._cipher;
    if (cipher?._encSSLName?.endsWith('-gcm') && Buffer.isBuffer(cipher._encKey)) {
      cipher._encKey = createSecretKey(cipher._encKey);
    }
  });
}
