import { PushrodError } from '../../../shared/errors.ts';
import type { SshConnection } from './connection.ts';
import { requestFailure, sftpStatus } from './failure.ts';
import { openSftpChannel, SftpFailure } from './sftp-channel.ts';
import {
  type Attributes,
  attributeFlags,
  encode,
  type Field,
  type Fields,
  openFlags,
  packet,
  readAttributes,
  readNames,
} from './sftp-wire.ts';

/** The SFTP requests Pushrod needs (draft-ietf-secsh-filexfer-02 and OpenSSH's PROTOCOL), as promises with a timeout. */
export interface Sftp {
  open(path: string, flags: keyof typeof openFlags): Promise<Buffer>;
  closeHandle(handle: Buffer): Promise<void>;
  /** Bytes that the device takes in one WRITE (`limits@openssh.com`; else what the draft has every server take). */
  longestWriteBytes: Promise<number>;
  /** A WRITE of up to `longestBytes` that is put together once and sent any number of times, one at a time. */
  prepareWrite(handle: Buffer, longestBytes: number): PreparedWrite;
  /** Reads up to `into.length` bytes; 0 at the end of the file. */
  read(handle: Buffer, into: Buffer, position: number): Promise<number>;
  /** `undefined` when there is nothing at the path. */
  stat(path: string): Promise<Attributes | undefined>;
  mkdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** The names in a directory; none where the device does not list it. */
  names(path: string): Promise<string[]>;
  setMode(path: string, mode: number): Promise<void>;
  setOwner(path: string, userId: number, groupId: number): Promise<void>;
  /** Flushes the file on the device with `fsync@openssh.com` where it can; slow storage takes its time. */
  fsync(handle: Buffer, timeoutMs: number): Promise<void>;
  /** Replaces `to` in one step with `posix-rename@openssh.com`; `false` where the device does not offer it. */
  posixRename(from: string, to: string): Promise<boolean>;
  /** Bytes a user may still write at a path, by `statvfs@openssh.com`; `undefined` where the device does not say. */
  freeBytes(path: string): Promise<number | undefined>;
  /** The shortest time that an answer took so far: the round trip of the link. */
  roundTripMs(): number;
  /** Ends this subsystem; the connection goes on. Not every server says that it has ended: it is waited for a moment. */
  close(): Promise<void>;
}

/** A buffer whose bytes leave as they are, without a copy. */
export interface PreparedWrite {
  data: Buffer;
  /** Ends when the device has acknowledged the first `length` bytes of `data`; the caller watches for silence. */
  send(length: number, position: number): Promise<void>;
}

/** Every server takes packets of 34000 bytes (draft-ietf-secsh-filexfer-02, 3); this one fits into one of SSH. */
const draftWriteBytes = 31 * 1024;

/**
 * For answers that are none to fail at: `undefined` where the device gave one of these statuses, or any where none is
 * named. The connection goes on.
 */
async function unlessStatus<T>(work: Promise<T>, statuses?: readonly number[]): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    const cause = thrown instanceof PushrodError ? thrown.cause : undefined;
    if (cause instanceof SftpFailure && (statuses?.includes(cause.code) ?? true)) return undefined;
    throw thrown;
  }
}

/** How long the end of a subsystem is waited for: commands may need the session it held (MaxSessions). */
const patienceMs = 1_000;

const nothing = () => undefined;

/** The reply to `limits@openssh.com` (OpenSSH's PROTOCOL, 4.8). */
function readLongestWrite(answer: Fields): number {
  const [, , longestWriteBytes] = [answer.uint64(), answer.uint64(), answer.uint64()];
  return longestWriteBytes;
}

/** The reply to `statvfs@openssh.com` (OpenSSH's PROTOCOL, 4.4). */
function readFreeBytes(answer: Fields): number {
  const [, fragmentBytes, , , available] = Array.from({ length: 5 }, answer.uint64);
  return (fragmentBytes ?? 0) * (available ?? 0);
}

/** Opens the SFTP subsystem. Rejects with an error that is no PushrodError when the device has none. */
export async function openSftp(connection: SshConnection, timeoutMs: number, transferMs: number): Promise<Sftp> {
  const channel = await openSftpChannel(connection, timeoutMs);
  let shortestMs = Number.POSITIVE_INFINITY;

  const call = async <T>(
    doing: string,
    ms: number | null,
    [type, ...fields]: [type: number, ...fields: Field[]],
    read: (answer: Fields) => T,
  ): Promise<T> => {
    const startMs = performance.now();
    try {
      return read(await connection.request<Fields>(ms, doing, (done) => channel.request(type, fields, done)));
    } catch (thrown) {
      throw requestFailure(thrown, doing);
    } finally {
      shortestMs = Math.min(shortestMs, performance.now() - startMs);
    }
  };
  const offers = (extension: string) => channel.extensions.has(`${extension}@openssh.com`);
  const readHandle = (answer: Fields) => Buffer.from(answer.string());

  const readDirectory = async (path: string): Promise<string[]> => {
    const doing = `list ${path}`;
    const handle = await call(doing, timeoutMs, [packet.opendir, path], readHandle);
    const names: string[] = [];
    const askMore = () => unlessStatus(call(doing, timeoutMs, [packet.readdir, handle], readNames), [sftpStatus.eof]);
    // What a usual directory holds, and that this is all, come in one round trip.
    for (;;) {
      const [some, more] = await Promise.all([askMore(), askMore()]);
      names.push(...(some ?? []), ...(more ?? []));
      if (!more) break;
    }
    // Nothing depends on it; a connection that ends meanwhile is noticed by what comes next.
    call('close the directory', timeoutMs, [packet.close, handle], nothing).catch(nothing);
    return names;
  };
  const askLongestWrite = async () => {
    if (!offers('limits')) return draftWriteBytes;
    const asked = call('tell its limits', timeoutMs, [packet.extended, 'limits@openssh.com'], readLongestWrite);
    return (await unlessStatus(asked)) || draftWriteBytes;
  };
  // It is there by the time it is needed; a connection that ends meanwhile is noticed then.
  const longestWriteBytes = askLongestWrite();
  longestWriteBytes.catch(nothing);

  return {
    longestWriteBytes,
    open: (path, flags) => call(`open ${path}`, timeoutMs, [packet.open, path, openFlags[flags], 0], readHandle),
    closeHandle: (handle) => call('close the file', timeoutMs, [packet.close, handle], nothing),
    prepareWrite(handle, longestBytes) {
      const head = encode(packet.write, 0, [handle, 0n, '']);
      const dataAt = head.length;
      // Not filled, so that it takes memory only as far as it is used.
      const whole = Buffer.allocUnsafeSlow(dataAt + longestBytes);
      head.copy(whole);
      return {
        data: whole.subarray(dataAt),
        async send(length, position) {
          whole.writeUInt32BE(dataAt + length - 4, 0);
          whole.writeBigUInt64BE(BigInt(position), dataAt - 12);
          whole.writeUInt32BE(length, dataAt - 4);
          const request = whole.subarray(0, dataAt + length);
          try {
            await connection.request<Fields>(null, 'write', (done) => channel.requestPacket(request, done));
          } catch (thrown) {
            throw requestFailure(thrown, 'write');
          }
        },
      };
    },
    async read(handle, into, position) {
      const request = [packet.read, handle, BigInt(position), into.length] as const;
      const asked = call('read', transferMs, [...request], (answer) => answer.string().copy(into));
      return (await unlessStatus(asked, [sftpStatus.eof])) ?? 0;
    },
    stat: (path) =>
      unlessStatus(call(`look at ${path}`, timeoutMs, [packet.stat, path], readAttributes), [sftpStatus.noSuchFile]),
    mkdir: (path) => call(`make the directory ${path}`, timeoutMs, [packet.mkdir, path, 0], nothing),
    unlink: (path) => call(`remove ${path}`, timeoutMs, [packet.remove, path], nothing),
    names: async (path) => (await unlessStatus(readDirectory(path))) ?? [],
    setMode: (path, mode) =>
      call('set the mode', timeoutMs, [packet.setstat, path, attributeFlags.permissions, mode], nothing),
    setOwner: (path, userId, groupId) =>
      call('set the owner', timeoutMs, [packet.setstat, path, attributeFlags.owner, userId, groupId], nothing),
    async fsync(handle, fsyncMs) {
      if (!offers('fsync')) return;
      const request = [packet.extended, 'fsync@openssh.com', handle] as const;
      await unlessStatus(call('flush the file', fsyncMs, [...request], nothing));
    },
    async posixRename(from, to) {
      if (!offers('posix-rename')) return false;
      const request = [packet.extended, 'posix-rename@openssh.com', from, to] as const;
      const asked = call(`move the file to ${to}`, timeoutMs, [...request], () => true);
      return (await unlessStatus(asked, [sftpStatus.opUnsupported])) ?? false;
    },
    async freeBytes(path) {
      if (!offers('statvfs')) return undefined;
      const request = [packet.extended, 'statvfs@openssh.com', path] as const;
      return unlessStatus(call('tell its free space', timeoutMs, [...request], readFreeBytes));
    },
    roundTripMs: () => shortestMs,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        channel.close(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
