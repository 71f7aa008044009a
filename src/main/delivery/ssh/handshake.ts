/** What ssh2 tells of a handshake in its debug lines only: how far it is, and what the host offered. */
export interface Handshake {
  /** For ssh2's `debug`. */
  heard(line: string): void;
  /** What the host has yet to do, for a message. */
  doing: string;
  /** Whether the host said which signatures it takes (RFC 8308). */
  namesSignatures: boolean;
  /** The last kind of algorithm that was looked at: where nothing is in common, the one that failed. */
  lastOffer: { kind: string; algorithms: string } | undefined;
}

/** How ssh2 calls what it looks at. */
const kinds: [RegExp, string][] = [
  [/^KEX/, 'key exchange'],
  [/^Host key/, 'type of host key'],
  [/cipher$/, 'cipher'],
  [/MAC$/, 'MAC'],
];

export function followHandshake(): Handshake {
  const handshake: Handshake = {
    doing: 'say that it speaks SSH',
    namesSignatures: false,
    lastOffer: undefined,
    heard(line) {
      if (line.startsWith('Remote ident')) handshake.doing = 'exchange keys';
      if (line.startsWith('Handshake completed')) handshake.doing = 'answer the login';
      if (line === 'Inbound: Received EXT_INFO') handshake.namesSignatures = true;
      const [, name = '', algorithms] = /^Handshake: \(remote\) (.+?): (.*)$/.exec(line) ?? [];
      if (algorithms === undefined) return;
      const [, kind = name] = kinds.find(([pattern]) => pattern.test(name)) ?? [];
      handshake.lastOffer = { kind, algorithms: algorithms.replaceAll(',', ', ') };
    },
  };
  return handshake;
}
