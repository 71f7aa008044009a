/** The bytes of SFTP version 3 (draft-ietf-secsh-filexfer-02; extensions: OpenSSH's PROTOCOL, 4). */

/** Types of packets (draft, 3). */
export const packet = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  setstat: 9,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  stat: 17,
  status: 101,
  extended: 200,
} as const;

/** How OPEN opens a file (draft, 6.3). */
export const openFlags = { r: 0x01, 'r+': 0x03, w: 0x1a } as const;

/** Which attributes are given (draft, 5). */
export const attributeFlags = { size: 0x1, owner: 0x2, permissions: 0x4, times: 0x8 } as const;

/** No server needs longer packets to answer what Pushrod asks; OpenSSH sends none. */
export const longestPacketBytes = 256 * 1024;

/** A number is a uint32, a bigint a uint64; text and bytes are strings with their length. */
export type Field = number | bigint | string | Buffer;

/** A packet whose first field is the id of its request, or the version in INIT. */
export function encode(type: number, id: number, fields: Field[]): Buffer {
  const parts = fields.map(encodeField);
  const head = Buffer.alloc(9);
  head.writeUInt32BE(5 + parts.reduce((sum, part) => sum + part.length, 0), 0);
  head.writeUInt8(type, 4);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, ...parts]);
}

function encodeField(field: Field): Buffer {
  if (typeof field === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(field);
    return bytes;
  }
  if (typeof field === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(field);
    return bytes;
  }
  const content = typeof field === 'string' ? Buffer.from(field) : field;
  return Buffer.concat([encodeField(content.length), content]);
}

/** Reads fields one after the other. What goes past the end throws a RangeError. */
export function readFields(bytes: Buffer) {
  let at = 0;
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError('a packet of SFTP is cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const uint32 = () => take(4).readUInt32BE();
  const string = () => take(uint32());
  return {
    uint32,
    uint64: () => Number(take(8).readBigUInt64BE()),
    string,
    text: () => string().toString('utf8'),
    isAtEnd: () => at === bytes.length,
  };
}

export type Fields = ReturnType<typeof readFields>;

/** What a STAT tells of a file, as far as the server says it. */
export interface Attributes {
  sizeBytes: number;
  isDirectory: boolean;
}

const typeMask = 0o170_000;
const directoryType = 0o040_000;

/** Reads ATTRS as far as they matter (draft, 5): the rest of the packet is left unread. */
export function readAttributes(fields: Fields): Attributes {
  const flags = fields.uint32();
  const sizeBytes = flags & attributeFlags.size ? fields.uint64() : 0;
  if (flags & attributeFlags.owner) {
    fields.uint32();
    fields.uint32();
  }
  const permissions = flags & attributeFlags.permissions ? fields.uint32() : 0;
  return { sizeBytes, isDirectory: (permissions & typeMask) === directoryType };
}

/** Reads the entries of a NAME reply (draft, 7): the file names alone. */
export function readNames(fields: Fields): string[] {
  return Array.from({ length: fields.uint32() }, () => {
    const name = fields.text();
    fields.text();
    skipAttributes(fields);
    return name;
  });
}

function skipAttributes(fields: Fields): void {
  const flags = fields.uint32();
  if (flags & attributeFlags.size) fields.uint64();
  if (flags & attributeFlags.owner) fields.uint64();
  if (flags & attributeFlags.permissions) fields.uint32();
  if (flags & attributeFlags.times) fields.uint64();
  if ((flags & 0x8000_0000) === 0) return;
  for (let left = fields.uint32(); left > 0; left -= 1) {
    fields.string();
    fields.string();
  }
}

/** Splits a stream of bytes into packets, each without its length. */
export function packetSplitter(take: (packet: Buffer) => void) {
  const length = Buffer.alloc(4);
  let lengthFilled = 0;
  let content: Buffer | undefined;
  let filled = 0;
  return (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length) {
      if (!content) {
        const copied = chunk.copy(length, lengthFilled, at, at + 4 - lengthFilled);
        lengthFilled += copied;
        at += copied;
        if (lengthFilled < 4) return;
        const contentBytes = length.readUInt32BE();
        if (contentBytes === 0 || contentBytes > longestPacketBytes) {
          throw new RangeError(`a packet of SFTP cannot have ${contentBytes} bytes`);
        }
        content = Buffer.allocUnsafe(contentBytes);
        filled = 0;
      }
      const copied = chunk.copy(content, filled, at);
      filled += copied;
      at += copied;
      if (filled < content.length) return;
      const whole = content;
      content = undefined;
      lengthFilled = 0;
      take(whole);
    }
  };
}
